// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <complex>
#include <cstddef>
#include <span>
#include <vector>

#include "syrinx/core/base/realtime.h"
#include "syrinx/core/base/result.h"
#include "syrinx/core/dsp/fft.h"
#include "syrinx/stages/voice/world/voice_frames.h"

namespace syrinx::voice {

// The spectral envelope of a voice without its harmonics, by CheapTrick (Morise 2015): the power
// spectrum of a Hann window of three periods, filled up below F0, smoothed over two thirds of F0,
// and its cepstrum liftered so that the values at the harmonics come back. One thread.
class SpectralEnvelope {
 public:
  static Result<SpectralEnvelope> create(const FrameShape& shape);

  // Samples needed on each side of a frame's centre.
  std::size_t reach_samples() const noexcept { return reach_; }

  // `around` has 2 * reach_samples() + 1 samples; F0 of 0 is taken as 120 Hz. Fills `power` (bins),
  // at least 1e-16.
  void analyse(std::span<const float> around, double f0_hz,
               std::span<float> power) noexcept SYRINX_REALTIME;

 private:
  SpectralEnvelope(const FrameShape& shape, dsp::RealFft fft);
  void window(std::span<const float> around, double f0_hz) noexcept;
  void fill_below(double f0_hz, std::span<float> power) noexcept;
  void smooth(double width_hz, std::span<float> power) noexcept;
  void lifter(double f0_hz, std::span<float> power) noexcept;

  FrameShape shape_;
  dsp::RealFft fft_;
  std::size_t reach_;
  std::vector<float> time_;
  std::vector<std::complex<float>> spectrum_;
  std::vector<double> sums_;
  std::vector<float> below_;
};

}  // namespace syrinx::voice
