// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <span>

#include "syrinx/core/base/realtime.h"
#include "syrinx/core/base/result.h"
#include "syrinx/stages/voice/profile/exemplar_map.h"
#include "syrinx/stages/voice/profile/mel_cepstra.h"
#include "syrinx/stages/voice/profile/mixture_map.h"
#include "syrinx/stages/voice/profile/neural_map.h"
#include "syrinx/stages/voice/profile/voice_profile.h"
#include "syrinx/stages/voice/world/voice_frames.h"

namespace syrinx::voice {

inline constexpr int kLeastLikeRateHz = 16'000;  // Of a sound that is made like another voice.

struct LikeOptions {
  double amount = 1.0;     // 0 to 1: the way from the source's voice to the target's.
  double exemplars = 0.0;  // 0 to 1: how far single sounds follow the target's own examples rather
                           // than the mapping of statistics.
  double mixture = 0.0;    // 0 to 1: how far classes of sounds follow the target's own classes.
  double network = 0.0;    // 0 to 1: how far voiced sounds follow the neural path.
  std::shared_ptr<const ConversionModel> model = nullptr;  // Of it; null: the built-in one.
  bool keep_melody = false;    // Move F0 by its mean alone and leave its spread.
  double most_gain_db = 18.0;  // 0 to 40: no band is raised or lowered further.
};

// kInvalidArgument, with the value and its range, unless all options are in theirs.
Result<void> validate(const LikeOptions& options);
// kInvalidArgument where the network is asked to speak like a voice that has no exemplars.
Result<void> validate(const LikeOptions& options, const VoiceProfile& target);

// What is to become of each frame of a voice, so that it is like another: log F0 by mean and
// spread, the envelope by moving its formants, by the means and spreads of its cepstra, of all and
// class by class, by a network and by exemplars of the target. One stream, one thread.
class LikeMap {
 public:
  // Pre: the options are valid, for this target too.
  LikeMap(const FrameShape& shape, const VoiceProfile& source, const VoiceProfile& target,
          const LikeOptions& options);

  // The ratio by which formants are moved before the statistics are fitted.
  double formant_ratio() const noexcept { return formant_ratio_; }

  // Frames in order. Fills the amplitude of each bin and returns the ratio of the new F0 to the
  // old, 1 without pitch.
  double map(const VoiceFrame& frame, std::span<float> gain) noexcept SYRINX_REALTIME;
  void reset() noexcept SYRINX_REALTIME;

 private:
  Cepstrum normal_of(const Cepstrum& moved) const noexcept;
  Cepstrum voiced_target(const Cepstrum& moved, const Cepstrum& neural) noexcept;
  void approach(Cepstrum& wanted, const Cepstrum& answer, double share) const noexcept;
  Cepstrum unvoiced_target(const Cepstrum& moved) const noexcept;
  double f0_ratio(double log_f0) const noexcept;

  LikeOptions options_;
  VoiceProfile target_;
  double source_log_f0_ = 0.0;
  double source_log_f0_deviation_ = 1.0;
  double spread_ = 1.0;  // Of log F0.
  double formant_ratio_ = 1.0;
  CepstrumStatistics voiced_;  // Of the source, its formants moved.
  CepstrumStatistics unvoiced_;
  MelCepstra cepstra_;
  ExemplarMap exemplars_;
  MixtureMap mixture_;
  NeuralMap neural_;
  MelLogs change_{};   // Smoothed over frames.
  float keep_ = 0.0f;  // Of the change of the frame before.
};

}  // namespace syrinx::voice
