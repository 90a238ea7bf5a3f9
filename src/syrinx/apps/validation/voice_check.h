// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "syrinx/apps/validation/text_set.h"
#include "syrinx/core/base/result.h"
#include "syrinx/stages/measure/neural/dnsmos.h"
#include "syrinx/stages/measure/recognition/recogniser.h"
#include "syrinx/stages/measure/recognition/word_error_rate.h"

namespace syrinx::validation {

// One sentence, spoken and judged.
struct CheckedSentence {
  std::string said;
  std::string heard;
  measure::WordErrors errors;
  double duration_s = 0.0;  // 0: the voice made no sound of it.
  double speech_s = 0.0;    // From its first word to its last.
  double artifact_s = 0.0;  // Of it within any artifact.
  std::size_t artifacts = 0;
  std::optional<measure::DnsmosScores> dnsmos;  // None: not measured.
};

// All that one voice said.
struct VoiceCheck {
  std::string voice;
  std::vector<CheckedSentence> sentences;

  measure::WordErrors words() const;
  measure::Interval word_error_interval() const;  // 95 %, of words().rate().
  double duration_s() const;
  double artifact_share() const;  // Of the duration, 0 to 1; 0 for no sound.
  std::size_t artifacts() const;
  double words_per_minute() const;  // While it speaks; 0 for no sound.
  // The means over the sentences that have them; none when no sentence has.
  std::optional<measure::DnsmosScores> dnsmos() const;
};

// Judges voices by a recogniser, detectors of artifacts and, where its model and ONNX Runtime are
// there, DNSMOS. One thread.
class VoiceChecker {
 public:
  // `model` is the recogniser's folder, as measure::load_recogniser() takes it. Errors: of that.
  static Result<VoiceChecker> create(const std::filesystem::path& model);

  std::string_view recogniser() const noexcept { return recogniser_->name(); }
  // Why DNSMOS is not measured; empty when it is.
  const std::string& without_dnsmos() const noexcept { return without_dnsmos_; }

  // Speaks each sentence as a paragraph of one text, always the same way, and judges it; `done` is
  // called after each with the number of sentences done. Errors: those of the voice and of the
  // measures; kCancelled.
  Result<VoiceCheck> check(const std::string& voice, const TextSet& texts,
                           const std::stop_token& stop,
                           const std::function<void(std::size_t)>& done);

 private:
  explicit VoiceChecker(std::unique_ptr<measure::Recogniser> recogniser);
  Result<CheckedSentence> judge(const std::string& said, AudioView sound, double speech_s) const;
  Result<void> measure_sound(AudioView sound, CheckedSentence& checked) const;

  std::unique_ptr<measure::Recogniser> recogniser_;
  std::optional<measure::Dnsmos> dnsmos_;
  std::string without_dnsmos_;
};

}  // namespace syrinx::validation
