// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/dsp/window.h"

#include <cmath>
#include <numbers>

namespace syrinx::dsp {
namespace {

// The window at `place` in [0, 1] of its length.
double window_at(WindowShape shape, double place, double kaiser_beta) {
  const double angle = 2.0 * std::numbers::pi * place;
  switch (shape) {
    case WindowShape::kRectangular:
      return 1.0;
    case WindowShape::kHann:
      return 0.5 - 0.5 * std::cos(angle);
    case WindowShape::kSqrtHann:
      return std::sin(angle / 2.0);  // Its square is the Hann window.
    case WindowShape::kHamming:
      return 0.54 - 0.46 * std::cos(angle);
    case WindowShape::kBlackman:
      return 0.42 - 0.5 * std::cos(angle) + 0.08 * std::cos(2.0 * angle);
    case WindowShape::kKaiser: {
      const double r = 2.0 * place - 1.0;
      return bessel_i0(kaiser_beta * std::sqrt(std::fmax(0.0, 1.0 - r * r))) /
             bessel_i0(kaiser_beta);
    }
  }
  return 0.0;
}

}  // namespace

double bessel_i0(double x) noexcept {
  // Sum of ((x/2)^k / k!)^2, whose terms fall once k passes x/2.
  double sum = 1.0;
  double term = 1.0;
  for (int k = 1; term > sum * 1e-17; ++k) {
    term *= (x / 2.0 / k) * (x / 2.0 / k);
    sum += term;
  }
  return sum;
}

std::vector<float> make_window(WindowShape shape, std::size_t samples, WindowSymmetry symmetry,
                               double kaiser_beta) {
  std::vector<float> window(samples, 1.0f);
  if (samples <= 1) return window;
  const double period =
      static_cast<double>(symmetry == WindowSymmetry::kPeriodic ? samples : samples - 1);
  for (std::size_t n = 0; n < samples; ++n) {
    window[n] = static_cast<float>(window_at(shape, static_cast<double>(n) / period, kaiser_beta));
  }
  return window;
}

}  // namespace syrinx::dsp
