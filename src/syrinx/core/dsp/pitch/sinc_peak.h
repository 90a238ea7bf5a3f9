// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>

namespace syrinx::dsp {

struct Peak {
  double at = 0.0;  // Index, between the samples.
  double value = 0.0;
};

// The top of an autocorrelation (r[-i] = r[i]) near its largest sample `index`, by Hann-windowed
// sinc interpolation over 35 samples to each side, sought to 1e-5 samples. Pre: 0 < index <
// r.size() - 1.
Peak sinc_peak(std::span<const double> r, std::size_t index) noexcept;

}  // namespace syrinx::dsp
