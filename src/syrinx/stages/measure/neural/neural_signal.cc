// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/neural/neural_signal.h"

#include <algorithm>
#include <cmath>

#include "syrinx/core/dsp/resample.h"

namespace syrinx::measure {

Result<std::vector<float>> mono_at(AudioView audio, int sample_rate_hz, std::string_view what) {
  if (audio.empty()) return make_error(ErrorCode::kInvalidArgument, what, " was given no samples");
  if (audio.channels() != 1)
    return make_error(ErrorCode::kInvalidArgument, what, " takes one channel, but was given ",
                      audio.channels(), "; mix them or pick one");
  const auto samples = audio.channel(0);
  if (!std::all_of(samples.begin(), samples.end(), [](float s) { return std::isfinite(s); }))
    return make_error(ErrorCode::kInvalidArgument, what,
                      " was given samples that are not finite numbers");
  if (audio.sample_rate_hz() == sample_rate_hz)
    return std::vector<float>(samples.begin(), samples.end());
  SYRINX_ASSIGN(const AudioBuffer resampled, dsp::resample(audio, sample_rate_hz));
  const auto row = resampled.view().channel(0);
  if (row.empty())
    return make_error(ErrorCode::kInvalidArgument, what, " was given less than one sample at ",
                      sample_rate_hz, " Hz");
  return std::vector<float>(row.begin(), row.end());
}

}  // namespace syrinx::measure
