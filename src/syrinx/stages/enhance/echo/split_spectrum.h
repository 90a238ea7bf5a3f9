// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <complex>
#include <cstddef>
#include <span>

#include "syrinx/core/dsp/aligned.h"

namespace syrinx::enhance {

// A spectrum with its real and imaginary parts in rows of their own, as the compiler's vectors
// like it.
struct SplitSpectrum {
  explicit SplitSpectrum(std::size_t bins) : re(bins), im(bins) {}

  void assign(std::span<const std::complex<float>> bins) noexcept {
    for (std::size_t k = 0; k < re.size(); ++k) {
      re[k] = bins[k].real();
      im[k] = bins[k].imag();
    }
  }
  void copy_to(std::span<std::complex<float>> bins) const noexcept {
    for (std::size_t k = 0; k < re.size(); ++k) bins[k] = {re[k], im[k]};
  }

  dsp::AlignedFloats re, im;
};

}  // namespace syrinx::enhance
