// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"

// What every measure of a pair asks of its input, and the same errors for it.
namespace syrinx::measure {

// Both have samples, at most limits::kMaxChannels channels and a rate within limits, all samples
// are finite, and rates and channels agree. Lengths may differ. Otherwise kInvalidArgument.
Result<void> check_comparable(AudioView reference, AudioView degraded, std::string_view measure);
// The same, and the lengths agree.
Result<void> check_pair(AudioView reference, AudioView degraded, std::string_view measure);

std::vector<double> to_double(std::span<const float> samples);
// The mean of all channels. Pre: at least one channel.
std::vector<float> mix_to_mono(AudioView audio);

// The mean over channels of what `measure_channel(reference, degraded)` says of each, or its first
// error.
template <class MeasureChannel>
Result<double> mean_over_channels(AudioView reference, AudioView degraded,
                                  MeasureChannel&& measure_channel) {
  double sum = 0.0;
  for (std::size_t c = 0; c < reference.channels(); ++c) {
    SYRINX_ASSIGN(const double value, measure_channel(reference.channel(c), degraded.channel(c)));
    sum += value;
  }
  return sum / static_cast<double>(reference.channels());
}

}  // namespace syrinx::measure
