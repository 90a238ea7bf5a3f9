// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <complex>
#include <cstddef>
#include <span>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/dsp/fft.h"
#include "syrinx/core/dsp/window.h"

namespace syrinx::measure {

// The windowed power spectra of overlapping frames of one channel. As many whole windows as fit;
// one, padded with zeros, when none does.
class FrameSpectra {
 public:
  // The window is rounded to an even count of at least two samples. Errors: as RealFft::create.
  static Result<FrameSpectra> create(std::span<const double> samples, double window_samples,
                                     double hop_samples, dsp::WindowShape shape);

  std::size_t frames() const noexcept { return frames_; }
  std::size_t bins() const noexcept { return fft_.bins(); }
  std::size_t window_samples() const noexcept { return window_.size(); }
  // The samples under the frame's window, unweighted; fewer than window_samples() when padded.
  std::span<const double> samples(std::size_t frame) const noexcept;
  // Power per bin; all bins (twice the inner ones) add up to the weighted mean square. Valid until
  // the next call.
  std::span<const double> power(std::size_t frame) noexcept;

 private:
  FrameSpectra(std::span<const double> samples, double hop_samples, dsp::WindowShape shape,
               dsp::RealFft fft);

  std::span<const double> samples_;
  double hop_samples_;
  std::size_t frames_;
  dsp::RealFft fft_;
  std::vector<float> window_;
  double scale_ = 0.0;
  std::vector<float> time_;
  std::vector<std::complex<float>> spectrum_;
  std::vector<double> power_;
};

}  // namespace syrinx::measure
