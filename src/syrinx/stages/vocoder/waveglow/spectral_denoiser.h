// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "syrinx/core/base/result.h"

namespace syrinx::vocoder {

// Takes a vocoder's own hum away, as published with WaveGlow: what the model makes of a mel of
// zeros without noise has a magnitude spectrum, and that, times a strength, is taken off the
// magnitude of every frame (Hann, 1024 samples, hop 256), which keeps its phase. The published code
// mirrors the ends of a signal where here is silence: the first and last 512 samples may differ.
class SpectralDenoiser {
 public:
  // `hum` is what the model makes: its first frame counts, mirrored around its first sample.
  // Errors: kInvalidArgument for fewer than 513 samples.
  static Result<SpectralDenoiser> create(std::span<const float> hum);

  std::span<const float> bias() const noexcept { return bias_; }
  // Errors: kInvalidArgument for a strength that is negative or not finite.
  Result<std::vector<float>> apply(std::span<const float> signal, float strength) const;

 private:
  std::vector<float> bias_;  // Magnitudes from 0 Hz to Nyquist.
};

}  // namespace syrinx::vocoder
