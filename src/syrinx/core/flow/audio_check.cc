// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/flow/audio_check.h"

#include "syrinx/core/base/limits.h"

namespace syrinx {

Result<void> check_measurable(std::string_view what, AudioView audio) {
  if (audio.empty() || audio.channels() > limits::kMaxChannels)
    return make_error(ErrorCode::kInvalidArgument, what, ": ", audio.channels(), " channels of ",
                      audio.frames(), " frames were given; give 1 to ", limits::kMaxChannels,
                      " channels of at least one frame");
  const int rate_hz = audio.sample_rate_hz();
  if (rate_hz < limits::kMinSampleRateHz || rate_hz > limits::kMaxSampleRateHz)
    return make_error(ErrorCode::kInvalidArgument, what, ": the sample rate is ", rate_hz,
                      " Hz but must be ", limits::kMinSampleRateHz, " to ",
                      limits::kMaxSampleRateHz);
  return {};
}

}  // namespace syrinx
