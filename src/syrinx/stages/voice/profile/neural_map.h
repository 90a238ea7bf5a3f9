// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "syrinx/core/base/realtime.h"
#include "syrinx/stages/voice/network/conversion_model.h"
#include "syrinx/stages/voice/profile/voice_profile.h"

namespace syrinx::voice {

// The speaker vector of a profile. Pre: it has exemplars.
SpeakerVector speaker_vector(const ConversionModel& model, const VoiceProfile& profile);

// The cosine of the angle between two speakers, -1 to 1: 1 for the same. Pre: both have exemplars.
double speaker_similarity(const ConversionModel& model, const VoiceProfile& a,
                          const VoiceProfile& b);

// Says what the target's voice would do where the source's does this: the neural path of
// conversion_model.h. One stream.
class NeuralMap {
 public:
  NeuralMap() = default;  // Empty.
  // Pre: the target has exemplars.
  NeuralMap(const ConversionModel& model, const VoiceProfile& target);

  bool empty() const noexcept { return stream_ == nullptr; }
  // Both normalised by their own voice's statistics. `melody` as ModelFrame's; `log_f0_wanted` of
  // the target. To be asked for every frame, unvoiced ones too. Pre: not empty().
  Cepstrum answer(const Cepstrum& normal, bool voiced, double melody,
                  double log_f0_wanted) noexcept SYRINX_REALTIME;
  void reset() noexcept SYRINX_REALTIME;

 private:
  std::unique_ptr<ModelStream> stream_;
};

}  // namespace syrinx::voice
