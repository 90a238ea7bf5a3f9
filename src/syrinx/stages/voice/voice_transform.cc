// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/voice/voice_transform.h"

#include "syrinx/core/base/limits.h"

namespace syrinx::voice {

Result<void> validate(const Format& f) {
  if (f.sample_rate_hz < kLeastRateHz || f.sample_rate_hz > kMostRateHz)
    return make_error(ErrorCode::kInvalidArgument, "voice: the rate is ", f.sample_rate_hz,
                      " Hz; give ", kLeastRateHz, " to ", kMostRateHz, ", or resample first");
  if (f.channels == 0 || f.channels > limits::kMaxChannels)
    return make_error(ErrorCode::kInvalidArgument, "voice: ", f.channels,
                      " channels were given; give 1 to ", limits::kMaxChannels);
  if (f.max_block_frames == 0 || f.max_block_frames > limits::kMaxBlockFrames)
    return make_error(ErrorCode::kInvalidArgument, "voice: blocks of ", f.max_block_frames,
                      " frames were given; give 1 to ", limits::kMaxBlockFrames);
  return {};
}

}  // namespace syrinx::voice
