// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/dsp/pitch/lag_difference.h"

#include <algorithm>
#include <bit>

#include "syrinx/core/dsp/window.h"

namespace syrinx::dsp {

Result<LagDifference> LagDifference::create(std::size_t frame_samples, std::size_t max_lag) {
  SYRINX_ASSIGN(auto fft, RealFft::create(std::bit_ceil(frame_samples + max_lag + 1)));
  return LagDifference(frame_samples, max_lag, std::move(fft));
}

LagDifference::LagDifference(std::size_t frame_samples, std::size_t max_lag, RealFft fft)
    : fft_(std::move(fft)),
      window_(make_window(WindowShape::kHann, frame_samples, WindowSymmetry::kSymmetric)),
      time_(fft_.size()),
      window_spectrum_(fft_.bins()),
      weighted_(fft_.bins()),
      squares_(fft_.bins()),
      correlation_(fft_.size()),
      difference_(max_lag + 1) {
  std::copy(window_.begin(), window_.end(), time_.begin());
  fft_.forward(time_, window_spectrum_);
}

std::span<const float> LagDifference::of(std::span<const float> frame) noexcept {
  double power = 0.0;
  for (std::size_t i = 0; i < frame.size(); ++i) {
    time_[i] = frame[i] * frame[i] * window_[i];
    power += static_cast<double>(time_[i]);
  }
  power_ = 2.0 * power / static_cast<double>(frame.size());
  std::fill(difference_.begin(), difference_.end(), 1.0f);
  difference_[0] = 0.0f;
  if (!(power_ > 1e-20)) return difference_;
  fft_.forward(time_, squares_);
  for (std::size_t i = 0; i < frame.size(); ++i) time_[i] = frame[i] * window_[i];
  fft_.forward(time_, weighted_);
  for (std::size_t k = 0; k < weighted_.size(); ++k) {
    // Both weighted energies at once: corr(w x^2, w) plus its mirror is real in frequency.
    const float energy = 2.0f * (squares_[k].real() * window_spectrum_[k].real() +
                                 squares_[k].imag() * window_spectrum_[k].imag());
    weighted_[k] = {2.0f * std::norm(weighted_[k]), 0.0f};
    squares_[k] = {energy, 0.0f};
  }
  fft_.inverse(weighted_, correlation_);
  fft_.inverse(squares_, time_);
  for (std::size_t lag = 1; lag < difference_.size(); ++lag) {
    const float energy = std::max(time_[lag], 1e-30f);
    difference_[lag] = std::clamp(1.0f - correlation_[lag] / energy, 0.0f, 2.0f);
  }
  std::fill(time_.begin(), time_.end(), 0.0f);
  return difference_;
}

double sharpened_lag(std::span<const float> difference, std::size_t index) noexcept {
  const double before = static_cast<double>(difference[index - 1]);
  const double here = static_cast<double>(difference[index]);
  const double after = static_cast<double>(difference[index + 1]);
  const double curve = before - 2.0 * here + after;
  const double move = curve > 0.0 ? 0.5 * (before - after) / curve : 0.0;
  return static_cast<double>(index) + std::clamp(move, -0.5, 0.5);
}

}  // namespace syrinx::dsp
