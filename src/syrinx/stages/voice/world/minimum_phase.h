// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <complex>
#include <cstddef>
#include <span>
#include <vector>

#include "syrinx/core/base/realtime.h"
#include "syrinx/core/base/result.h"
#include "syrinx/core/dsp/fft.h"

namespace syrinx::voice {

// The filter of least delay that has a given power spectrum, by the folded cepstrum (Oppenheim and
// Schafer). One thread.
class MinimumPhase {
 public:
  // Errors: as dsp::RealFft::create.
  static Result<MinimumPhase> create(std::size_t fft_size);

  // Pre: both have fft_size / 2 + 1 values; power is above 0.
  void respond(std::span<const float> power,
               std::span<std::complex<float>> response) noexcept SYRINX_REALTIME;

 private:
  explicit MinimumPhase(dsp::RealFft fft);

  dsp::RealFft fft_;
  std::vector<float> cepstrum_;
};

}  // namespace syrinx::voice
