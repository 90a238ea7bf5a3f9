// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/reference/octave_resample.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "syrinx/core/dsp/window.h"
#include "syrinx/stages/measure/reference/pair_check.h"

namespace syrinx::measure {
namespace {

constexpr double kRejectionDb = 60.0;
constexpr std::size_t kMaxTaps = std::size_t{1} << 22;

// The taps of one side of the filter without its middle, after Kaiser's formula for the length.
std::size_t half_length(double cutoff) {
  const double roll_off = cutoff / 10.0;
  return static_cast<std::size_t>(std::ceil((kRejectionDb - 8.0) / (28.714 * roll_off)));
}

double sinc(double x) {
  if (x == 0.0) return 1.0;
  return std::sin(std::numbers::pi * x) / (std::numbers::pi * x);
}

// 2 * half + 1 taps that sum up to `gain`.
std::vector<double> low_pass_taps(std::size_t half, double cutoff, double gain) {
  const double beta = 0.1102 * (kRejectionDb - 8.7);
  std::vector<double> taps(2 * half + 1);
  for (std::size_t n = 0; n < taps.size(); ++n) {
    const double t = static_cast<double>(n) - static_cast<double>(half);
    const double r = half > 0 ? t / static_cast<double>(half) : 0.0;
    taps[n] = dsp::bessel_i0(beta * std::sqrt(std::max(0.0, 1.0 - r * r))) * sinc(2.0 * cutoff * t);
  }
  const double scale = gain / std::accumulate(taps.begin(), taps.end(), 0.0);
  for (double& tap : taps) tap *= scale;
  return taps;
}

// Output sample m is centred on position m * down of the signal with up - 1 zeros after each
// sample.
double output_sample(std::span<const float> signal, std::span<const double> taps, std::size_t up,
                     std::size_t centre) {
  const std::size_t half = taps.size() / 2;
  const std::size_t first = centre > half ? (centre - half + up - 1) / up : 0;
  const std::size_t last = std::min((centre + half) / up, signal.size() - 1);
  double sum = 0.0;
  for (std::size_t k = first; k <= last; ++k) sum += signal[k] * taps[half + centre - k * up];
  return sum;
}

}  // namespace

Result<std::vector<double>> octave_resample(std::span<const float> signal, int in_hz, int out_hz) {
  if (in_hz == out_hz || signal.empty()) return to_double(signal);
  const int common = std::gcd(in_hz, out_hz);
  const auto up = static_cast<std::size_t>(out_hz / common);
  const auto down = static_cast<std::size_t>(in_hz / common);
  const double cutoff = 1.0 / (2.0 * static_cast<double>(std::max(up, down)));
  const std::size_t half = half_length(cutoff);
  if (2 * half + 1 > kMaxTaps)
    return make_error(ErrorCode::kUnsupported, "resampling from ", in_hz, " Hz to ", out_hz,
                      " Hz needs a filter of ", 2 * half + 1, " taps, at most ", kMaxTaps,
                      " are supported; bring the signal to a usual rate first");
  const auto taps = low_pass_taps(half, cutoff, static_cast<double>(up));
  std::vector<double> out((signal.size() * up + down - 1) / down);
  for (std::size_t m = 0; m < out.size(); ++m) out[m] = output_sample(signal, taps, up, m * down);
  return out;
}

}  // namespace syrinx::measure
