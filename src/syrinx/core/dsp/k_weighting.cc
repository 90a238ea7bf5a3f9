// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/dsp/k_weighting.h"

#include <cmath>
#include <numbers>

namespace syrinx::dsp {

std::array<Biquad, 2> k_weighting(int sample_rate_hz) noexcept {
  // Frequencies, gain and q that reproduce the standard's coefficients at 48 kHz.
  constexpr double kShelfHz = 1681.974450955533;
  constexpr double kShelfDb = 3.999843853973347;
  constexpr double kShelfQ = 0.7071752369554196;
  constexpr double kHighPassHz = 38.13547087602444;
  constexpr double kHighPassQ = 0.5003270373238773;

  double k = std::tan(std::numbers::pi * kShelfHz / sample_rate_hz);
  const double high = std::pow(10.0, kShelfDb / 20.0);
  const double middle = std::pow(high, 0.4996667741545416);
  double a0 = 1.0 + k / kShelfQ + k * k;
  const Biquad shelf{(high + middle * k / kShelfQ + k * k) / a0, 2.0 * (k * k - high) / a0,
                     (high - middle * k / kShelfQ + k * k) / a0, 2.0 * (k * k - 1.0) / a0,
                     (1.0 - k / kShelfQ + k * k) / a0};
  k = std::tan(std::numbers::pi * kHighPassHz / sample_rate_hz);
  a0 = 1.0 + k / kHighPassQ + k * k;
  const Biquad high_pass{1.0, -2.0, 1.0, 2.0 * (k * k - 1.0) / a0,
                         (1.0 - k / kHighPassQ + k * k) / a0};
  return {shelf, high_pass};
}

double lufs_of_power(double k_weighted_power) noexcept {
  return -0.691 + 10.0 * std::log10(k_weighted_power);
}

}  // namespace syrinx::dsp
