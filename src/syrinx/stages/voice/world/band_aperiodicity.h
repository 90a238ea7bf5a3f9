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

// The share of noise in each band of a voiced frame, from the coherence of two spectra that are one
// period apart, both of Hann windows of two periods. A phase that differs evenly over a band, as
// when F0 glides, costs nothing. What the coherence lacks of 1 is squared: a voice that changes
// within two periods lacks some too, and speech made with the square is nearer to its original. The
// same two transforms as one complex one: much lighter than D4C (Morise 2016), whose purpose it
// serves. One thread.
class BandAperiodicity {
 public:
  static Result<BandAperiodicity> create(const FrameShape& shape);

  // Samples needed on each side of a frame's centre.
  std::size_t reach_samples() const noexcept { return reach_; }

  // `around` has 2 * reach_samples() + 1 samples. Fills `share` (bands), 0 to 1; 1 without F0.
  void analyse(std::span<const float> around, double f0_hz,
               std::span<float> share) noexcept SYRINX_REALTIME;

 private:
  BandAperiodicity(const FrameShape& shape, dsp::Fft fft);
  void place_windows(std::span<const float> around, double period) noexcept;
  double coherence(std::size_t from, std::size_t to) const noexcept;

  FrameShape shape_;
  dsp::Fft fft_;
  std::size_t reach_;
  std::vector<std::complex<float>> time_;
  std::vector<std::complex<float>> spectrum_;
};

}  // namespace syrinx::voice
