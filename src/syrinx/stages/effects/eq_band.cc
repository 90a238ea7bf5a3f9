// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/effects/eq_band.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace syrinx::effects {
namespace {

// The q of the two sections of a fourth-order Butterworth filter: 1 / (2 cos(pi / 8)) and
// 1 / (2 cos(3 pi / 8)). A band's own q scales both.
constexpr double kButterworth4[] = {0.54119610014619698, 1.3065629648763766};

std::complex<double> low_pass_prototype(std::complex<double> s, double q) {
  return 1.0 / (s * s + s / q + 1.0);
}

// Low shelf of the cookbook, A = 10^(gain / 40).
std::complex<double> low_shelf_prototype(std::complex<double> s, double q, double a) {
  const double k = std::sqrt(a) / q;
  return a * (s * s + k * s + a) / (a * s * s + k * s + 1.0);
}

}  // namespace

EqSections design(const EqBand& band, double sample_rate_hz) noexcept {
  const double hz = std::clamp(band.hz, 1e-3, 0.49 * sample_rate_hz);
  const double scale = band.q * std::numbers::sqrt2;
  dsp::BiquadDesign one{sample_rate_hz, hz, band.q, band.gain_db};
  dsp::BiquadDesign first{sample_rate_hz, hz, kButterworth4[0] * scale, 0.0};
  dsp::BiquadDesign second{sample_rate_hz, hz, kButterworth4[1] * scale, 0.0};
  const dsp::Biquad pass;
  switch (band.type) {  // value_or: the frequency, q and gain are within what designs take.
    case BandType::kOff:
      return {pass, pass};
    case BandType::kPeak:
      return {dsp::peak(one).value_or(pass), pass};
    case BandType::kLowShelf:
      return {dsp::low_shelf(one).value_or(pass), pass};
    case BandType::kHighShelf:
      return {dsp::high_shelf(one).value_or(pass), pass};
    case BandType::kLowPass12:
      return {dsp::low_pass(one).value_or(pass), pass};
    case BandType::kHighPass12:
      return {dsp::high_pass(one).value_or(pass), pass};
    case BandType::kLowPass24:
      return {dsp::low_pass(first).value_or(pass), dsp::low_pass(second).value_or(pass)};
    case BandType::kHighPass24:
      return {dsp::high_pass(first).value_or(pass), dsp::high_pass(second).value_or(pass)};
    case BandType::kNotch:
      return {dsp::notch(one).value_or(pass), pass};
  }
  return {pass, pass};
}

std::complex<double> prototype(const EqBand& b, double hz, double sample_rate_hz) noexcept {
  const double corner = std::clamp(b.hz, 1e-3, 0.49 * sample_rate_hz);
  const std::complex<double> s(0.0, std::tan(std::numbers::pi * hz / sample_rate_hz) /
                                        std::tan(std::numbers::pi * corner / sample_rate_hz));
  const double a = std::pow(10.0, b.gain_db / 40.0);
  const double q1 = kButterworth4[0] * b.q * std::numbers::sqrt2;
  const double q2 = kButterworth4[1] * b.q * std::numbers::sqrt2;
  switch (b.type) {
    case BandType::kOff:
      return 1.0;
    case BandType::kPeak:
      return (s * s + s * a / b.q + 1.0) / (s * s + s / (a * b.q) + 1.0);
    case BandType::kLowShelf:
      return low_shelf_prototype(s, b.q, a);
    case BandType::kHighShelf:
      return low_shelf_prototype(1.0 / s, b.q, a);
    case BandType::kLowPass12:
      return low_pass_prototype(s, b.q);
    case BandType::kHighPass12:
      return low_pass_prototype(1.0 / s, b.q);
    case BandType::kLowPass24:
      return low_pass_prototype(s, q1) * low_pass_prototype(s, q2);
    case BandType::kHighPass24:
      return low_pass_prototype(1.0 / s, q1) * low_pass_prototype(1.0 / s, q2);
    case BandType::kNotch:
      return (s * s + 1.0) / (s * s + s / b.q + 1.0);
  }
  return 1.0;
}

}  // namespace syrinx::effects
