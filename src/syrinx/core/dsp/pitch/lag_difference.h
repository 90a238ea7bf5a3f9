// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <complex>
#include <cstddef>
#include <span>
#include <vector>

#include "syrinx/core/base/realtime.h"
#include "syrinx/core/base/result.h"
#include "syrinx/core/dsp/fft.h"

namespace syrinx::dsp {

// How much a frame differs from itself moved by each lag: the difference function of YIN (de
// Cheveigne and Kawahara 2002), weighted by a Hann window on both copies, so that every lag is
// judged around the frame's middle, and divided by the weighted power, so that 0 is perfect
// repetition and 1 none: 1 - NSDF (McLeod and Wyvill 2005). Computed by FFT. One thread.
class LagDifference {
 public:
  // Lags 0 to max_lag. Errors: as RealFft::create. Pre: max_lag < frame_samples.
  static Result<LagDifference> create(std::size_t frame_samples, std::size_t max_lag);

  std::size_t frame_samples() const noexcept { return window_.size(); }
  std::size_t max_lag() const noexcept { return difference_.size() - 1; }

  // max_lag() + 1 values, valid until the next call; all 1 (the first 0) for a silent frame. Also
  // keeps the frame's weighted power per sample. Pre: frame_samples() finite samples.
  std::span<const float> of(std::span<const float> frame) noexcept SYRINX_REALTIME;
  double power() const noexcept { return power_; }

 private:
  LagDifference(std::size_t frame_samples, std::size_t max_lag, RealFft fft);

  RealFft fft_;
  std::vector<float> window_;
  std::vector<float> time_;
  std::vector<std::complex<float>> window_spectrum_;
  std::vector<std::complex<float>> weighted_;  // Of the windowed frame.
  std::vector<std::complex<float>> squares_;   // Of the windowed squares of the frame.
  std::vector<float> correlation_;
  std::vector<float> difference_;
  double power_ = 0.0;
};

// The lag of the trough at `index`, sharpened by the parabola through it and its neighbours.
// Pre: 0 < index < difference.size() - 1.
double sharpened_lag(std::span<const float> difference, std::size_t index) noexcept;

}  // namespace syrinx::dsp
