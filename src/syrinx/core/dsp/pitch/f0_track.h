// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "syrinx/core/base/result.h"

namespace syrinx::dsp {

// The fundamental frequency over time. Frame i is centred on second first_s + i * hop_s.
struct F0Track {
  double first_s = 0.0;
  double hop_s = 0.0;
  std::vector<double> hz;       // 0 where the sound has no pitch.
  std::vector<double> voicing;  // How periodic, 0 to 1; the scale is each method's own.

  std::size_t frames() const noexcept { return hz.size(); }
  double time_s(std::size_t frame) const noexcept {
    return first_s + static_cast<double>(frame) * hop_s;
  }
};

struct F0Options {
  double min_hz = 60.0;
  double max_hz = 500.0;
  double hop_s = 0.01;
};

// kInvalidArgument, in the name of `what`, unless 20 <= min_hz < max_hz <= 2000 Hz, max_hz is at
// most a quarter of the rate, and the hop is 1 ms to 1 s.
Result<void> validate(std::string_view what, const F0Options& options, int sample_rate_hz);

}  // namespace syrinx::dsp
