// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <complex>
#include <cstddef>
#include <span>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/dsp/fft.h"
#include "syrinx/core/flow/audio.h"

namespace syrinx::measure {

// The power spectrum of a Hann-windowed stretch of sound around any sample.
class FramePower {
 public:
  // Errors: kInvalidArgument for an empty view or a rate outside limits.h, or a window that is not
  // within 2 samples and limits::kMaxFftSize.
  static Result<FramePower> create(AudioView audio, double window_ms);

  std::size_t window_samples() const noexcept { return fft_.size(); }
  std::size_t bins() const noexcept { return fft_.bins(); }
  double bin_hz() const noexcept { return bin_hz_; }

  // Power per bin of the mean of all channels around frame `centre`, silence outside the view;
  // 1.0 is a full-scale sine. Valid until the next call.
  std::span<const float> at(AudioView audio, std::size_t centre) noexcept;

 private:
  FramePower(dsp::RealFft fft, double bin_hz);

  dsp::RealFft fft_;
  double bin_hz_;
  std::vector<float> window_;  // Scaled so that a full-scale sine has power 1.
  std::vector<float> frame_;
  std::vector<std::complex<float>> spectrum_;
  std::vector<float> power_;
};

}  // namespace syrinx::measure
