// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/voice/world/spectral_envelope.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace syrinx::voice {
namespace {

constexpr double kUnvoicedHz = 120.0;  // Longer than World's: noise needs frequency more than time.
constexpr double kPeriods = 3.0;       // Of the window.
constexpr double kSmoothing = 2.0 / 3.0;  // Width, in F0.
constexpr double kQ1 = -0.15;             // Of the lifter that compensates the smoothing.
constexpr double kLeastPower = 1e-16;

double lowest_f0_hz(const FrameShape& shape) {
  return kPeriods * shape.sample_rate_hz / (static_cast<double>(shape.fft_size) - 3.0);
}

}  // namespace

Result<SpectralEnvelope> SpectralEnvelope::create(const FrameShape& shape) {
  SYRINX_ASSIGN(auto fft, dsp::RealFft::create(shape.fft_size));
  return SpectralEnvelope(shape, std::move(fft));
}

SpectralEnvelope::SpectralEnvelope(const FrameShape& shape, dsp::RealFft fft)
    : shape_(shape),
      fft_(std::move(fft)),
      time_(shape.fft_size),
      spectrum_(shape.bins()),
      sums_(3 * shape.bins()),
      below_(shape.bins()) {
  const double lowest = std::max(lowest_f0_hz(shape), shape.min_f0_hz);
  reach_ = static_cast<std::size_t>(std::ceil(0.5 * kPeriods * shape.sample_rate_hz / lowest)) + 1;
}

void SpectralEnvelope::analyse(std::span<const float> around, double f0_hz,
                               std::span<float> power) noexcept {
  const double lowest = std::max(lowest_f0_hz(shape_), shape_.min_f0_hz);
  const double f0 = f0_hz > 0.0 ? std::max(f0_hz, lowest) : kUnvoicedHz;
  window(around, f0);
  fft_.forward(time_, spectrum_);
  for (std::size_t k = 0; k < power.size(); ++k) power[k] = std::norm(spectrum_[k]);
  fill_below(f0, power);
  smooth(kSmoothing * f0, power);
  lifter(f0, power);
}

// Of power 1, and without a constant under the window.
void SpectralEnvelope::window(std::span<const float> around, double f0_hz) noexcept {
  const double half = 0.5 * kPeriods * shape_.sample_rate_hz / f0_hz;
  const auto side =
      std::min(static_cast<std::ptrdiff_t>(half), static_cast<std::ptrdiff_t>(reach_));
  std::fill(time_.begin(), time_.end(), 0.0f);
  double squares = 0.0;
  double weights = 0.0;
  double sum = 0.0;
  const auto centre = static_cast<std::ptrdiff_t>(reach_);
  // cos((n + 1) d) = 2 cos(d) cos(n d) - cos((n - 1) d).
  const double step = std::numbers::pi / half;
  double now = std::cos(step * static_cast<double>(-side));
  double next = std::cos(step * static_cast<double>(1 - side));
  for (std::ptrdiff_t n = -side; n <= side; ++n) {
    const double weight = 0.5 + 0.5 * now;
    const double sample = static_cast<double>(around[static_cast<std::size_t>(centre + n)]);
    squares += weight * weight;
    weights += weight;
    sum += weight * sample;
    time_[static_cast<std::size_t>(n + side)] = static_cast<float>(weight);
    const double after = 2.0 * std::cos(step) * next - now;
    now = next;
    next = after;
  }
  const double mean = weights > 0.0 ? sum / weights : 0.0;
  const double scale = 1.0 / std::sqrt(std::max(squares, 1e-9));
  for (std::ptrdiff_t n = -side; n <= side; ++n) {
    const double sample = static_cast<double>(around[static_cast<std::size_t>(centre + n)]);
    float& value = time_[static_cast<std::size_t>(n + side)];
    value = static_cast<float>(static_cast<double>(value) * (sample - mean) * scale);
  }
}

// Below F0 lies the flank of the first harmonic alone: its other flank, mirrored, fills it up.
void SpectralEnvelope::fill_below(double f0_hz, std::span<float> power) noexcept {
  const double top = f0_hz / shape_.bin_hz();
  const auto count = std::min(static_cast<std::size_t>(top) + 1, power.size() - 1);
  for (std::size_t k = 0; k < count; ++k) {
    const double at = std::max(0.0, top - static_cast<double>(k));
    const auto low = std::min(static_cast<std::size_t>(at), power.size() - 2);
    const auto share = static_cast<float>(at - static_cast<double>(low));
    below_[k] = power[low] + share * (power[low + 1] - power[low]);
  }
  for (std::size_t k = 0; k < count; ++k) power[k] += below_[k];
}

// The mean over a width, by running sums of the spectrum mirrored at both ends.
void SpectralEnvelope::smooth(double width_hz, std::span<float> power) noexcept {
  const auto bins = static_cast<std::ptrdiff_t>(power.size());
  const double half = 0.5 * width_hz / shape_.bin_hz();
  const auto margin = std::min(static_cast<std::ptrdiff_t>(half) + 2, bins - 1);
  double sum = 0.0;
  std::size_t filled = 0;
  sums_[filled++] = 0.0;
  for (std::ptrdiff_t k = -margin; k < bins + margin; ++k) {
    std::ptrdiff_t at = k < 0 ? -k : k;
    if (at >= bins) at = 2 * (bins - 1) - at;
    sum += static_cast<double>(power[static_cast<std::size_t>(at)]);
    sums_[filled++] = sum;  // Up to half a bin after k.
  }
  const auto sum_to = [&](double bin) {  // In bins from the middle of bin 0.
    const double at = bin + 0.5 + static_cast<double>(margin);
    const auto low = static_cast<std::size_t>(at);
    return sums_[low] + (at - static_cast<double>(low)) * (sums_[low + 1] - sums_[low]);
  };
  for (std::ptrdiff_t k = 0; k < bins; ++k) {
    const double bin = static_cast<double>(k);
    const double mean = (sum_to(bin + half) - sum_to(bin - half)) / (2.0 * half);
    power[static_cast<std::size_t>(k)] = static_cast<float>(std::max(mean, kLeastPower));
  }
}

// Takes the rest of the harmonics away (a sinc over quefrency) and gives back what the smoothing
// took at them.
void SpectralEnvelope::lifter(double f0_hz, std::span<float> power) noexcept {
  const std::size_t size = time_.size();
  for (std::size_t k = 0; k < power.size(); ++k) time_[k] = std::log(power[k]);
  for (std::size_t k = 1; k + 1 < power.size(); ++k) time_[size - k] = time_[k];
  fft_.forward(time_, spectrum_);
  const double step = std::numbers::pi * f0_hz / shape_.sample_rate_hz;
  const std::complex<double> turn = std::polar(1.0, step);
  std::complex<double> angle = turn;
  for (std::size_t q = 1; q < spectrum_.size(); ++q) {
    const double sine = angle.imag();
    const double sinc = sine / (step * static_cast<double>(q));
    const double twice = 1.0 - 2.0 * sine * sine;  // cos(2 pi f0 q / rate)
    const double weight = sinc * (1.0 - 2.0 * kQ1 + 2.0 * kQ1 * twice);
    spectrum_[q] *= static_cast<float>(weight);
    angle *= turn;
  }
  fft_.inverse(spectrum_, time_);
  for (std::size_t k = 0; k < power.size(); ++k)
    power[k] = std::max(std::exp(std::min(time_[k], 80.0f)), static_cast<float>(kLeastPower));
}

}  // namespace syrinx::voice
