// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/enhance/denoise/delayed_resampler.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "syrinx/core/dsp/window.h"

namespace syrinx::enhance {
namespace {

constexpr double kStopDb = 70.0;
constexpr double kTransitionShare = 0.15;  // Of the lower Nyquist frequency, below it.
constexpr std::size_t kMostTaps = std::size_t{1} << 22;  // Of all phases: 16 MiB.

double lower_nyquist_hz(int in_hz, int out_hz) noexcept { return 0.5 * std::min(in_hz, out_hz); }

// Kaiser's estimate of a filter's length for its attenuation and transition.
double half_width(int in_hz, int out_hz) noexcept {
  const double transition_hz = kTransitionShare * lower_nyquist_hz(in_hz, out_hz);
  const double width = 2.0 * std::numbers::pi * transition_hz / in_hz;
  return 0.5 * (kStopDb - 8.0) / (2.285 * width);
}

double sinc(double x) noexcept {
  const double angle = std::numbers::pi * x;
  return std::abs(angle) < 1e-9 ? 1.0 : std::sin(angle) / angle;
}

double kaiser(double x) noexcept {  // -1 to 1; 0 outside.
  const double beta = 0.1102 * (kStopDb - 8.7);
  return std::abs(x) > 1.0 ? 0.0
                           : dsp::bessel_i0(beta * std::sqrt(1.0 - x * x)) / dsp::bessel_i0(beta);
}

}  // namespace

double DelayedResampler::least_delay(int in_hz, int out_hz) noexcept {
  return half_width(in_hz, out_hz);
}

Result<DelayedResampler> DelayedResampler::create(int in_hz, int out_hz, double delay) {
  SYRINX_CHECK(delay >= half_width(in_hz, out_hz), "a delay that the filter does not fit into");
  DelayedResampler made;
  made.in_hz_ = static_cast<std::uint64_t>(in_hz);
  made.out_hz_ = static_cast<std::uint64_t>(out_hz);
  made.step_ = made.out_hz_ / std::gcd(made.in_hz_, made.out_hz_);
  const double half = half_width(in_hz, out_hz);
  made.taps_ = static_cast<std::size_t>(std::floor(2.0 * half)) + 1;
  if (made.taps_ * made.step_ > kMostTaps)
    return make_error(ErrorCode::kLimitExceeded, "from ", in_hz, " Hz to ", out_hz,
                      " Hz would take ", made.taps_ * made.step_, " filter taps, more than ",
                      kMostTaps, "; use a common rate, as 16000, 44100 or 48000 Hz");
  made.make_rows(delay, half);
  return made;
}

void DelayedResampler::make_rows(double delay, double half) {
  const double cutoff = (1.0 - 0.5 * kTransitionShare) *
                        lower_nyquist_hz(static_cast<int>(in_hz_), static_cast<int>(out_hz_)) /
                        static_cast<double>(in_hz_);
  rows_.resize(taps_ * step_);
  ago_.resize(step_);
  for (std::size_t phase = 0; phase < step_; ++phase) {
    const double at = static_cast<double>(phase) / static_cast<double>(step_) - delay;
    const double first = std::ceil(at - half);  // The oldest sample within reach.
    double sum = 0.0;
    std::vector<double> row(taps_);
    for (std::size_t k = 0; k < taps_; ++k) {
      const double distance = at - (first + static_cast<double>(k));
      row[k] = sinc(2.0 * cutoff * distance) * kaiser(distance / half);
      sum += row[k];
    }
    for (std::size_t k = 0; k < taps_; ++k)
      rows_[phase * taps_ + k] = static_cast<float>(row[k] / sum);
    // A last tap past the newest sample has no weight: the row ends one earlier then.
    const double last = first + static_cast<double>(taps_ - 1);
    if (last > 0.0) {
      std::copy_backward(rows_.begin() + static_cast<std::ptrdiff_t>(phase * taps_),
                         rows_.begin() + static_cast<std::ptrdiff_t>(phase * taps_ + taps_ - 1),
                         rows_.begin() + static_cast<std::ptrdiff_t>(phase * taps_ + taps_));
      rows_[phase * taps_] = 0.0f;
    }
    ago_[phase] = static_cast<std::size_t>(std::max(0.0, -last));
  }
  const std::size_t furthest = *std::max_element(ago_.begin(), ago_.end());
  ring_ = taps_ + furthest + static_cast<std::size_t>(in_hz_ / out_hz_) + 2;
  history_.assign(2 * ring_, 0.0f);
}

void DelayedResampler::remember(float x) noexcept {
  const std::size_t at = static_cast<std::size_t>(inputs_ % ring_);
  history_[at] = x;
  history_[at + ring_] = x;
  ++inputs_;
}

float DelayedResampler::next_output() noexcept {
  const std::size_t phase = static_cast<std::size_t>(fraction_ * step_ / out_hz_);
  // The sample one past the row's last, in the ring's upper half; before the start is silence.
  const std::uint64_t end = whole_ + 1 + 2 * ring_ - ago_[phase];
  std::size_t from = static_cast<std::size_t>((end - taps_) % ring_);
  const float* row = rows_.data() + phase * taps_;
  const auto sum = dsp::kernels().dot(row, history_.data() + from, taps_);
  fraction_ += in_hz_;
  whole_ += fraction_ / out_hz_;
  fraction_ %= out_hz_;
  return static_cast<float>(sum);
}

void DelayedResampler::reset() noexcept {
  std::fill(history_.begin(), history_.end(), 0.0f);
  inputs_ = 0;
  whole_ = 0;
  fraction_ = 0;
}

}  // namespace syrinx::enhance
