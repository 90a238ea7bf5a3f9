// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/voice/profile/likeness.h"

#include <utility>

namespace syrinx::voice {

Result<Likeness> Likeness::create(int sample_rate_hz, const VoiceProfile& source,
                                  const VoiceProfile& target, const LikeOptions& options) {
  SYRINX_TRY(validate(options, target));
  if (sample_rate_hz < kLeastLikeRateHz)
    return make_error(ErrorCode::kInvalidArgument, "a voice is made like another at ",
                      kLeastLikeRateHz, " Hz and up, and this sound has ", sample_rate_hz,
                      " Hz; resample it first");
  SYRINX_ASSIGN(auto shaper, VoiceShaper::create(sample_rate_hz));
  LikeMap map(shaper.shape(), source, target, options);
  return Likeness(std::move(shaper), std::move(map));
}

Likeness::Likeness(VoiceShaper shaper, LikeMap map)
    : shaper_(std::move(shaper)), map_(std::move(map)) {}

void Likeness::reset() noexcept {
  shaper_.reset();
  map_.reset();
}

void Likeness::process(std::span<const float> in, std::span<float> out) noexcept {
  shaper_.process(in, out, [this](const VoiceFrame& frame, std::span<float> gain) {
    return map_.map(frame, gain);
  });
}

}  // namespace syrinx::voice
