// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "syrinx/core/dsp/aligned.h"
#include "syrinx/core/dsp/fft_kernels.h"

namespace syrinx::dsp {

struct Planar {
  float* re = nullptr;
  float* im = nullptr;
};

// A complex transform of one size, forward; the inverse comes of exchanging the parts. Sizes
// 2^a 3^b 5^c run as Stockham passes, others by Bluestein's algorithm (a convolution with a chirp)
// on top of such a size. Private to fft.cc.
class ComplexPlan {
 public:
  ComplexPlan(std::size_t size, const FftKernels& kernels);

  std::size_t size() const noexcept { return size_; }

  // Transforms numbers laid out as `layout` into planar memory of the plan, valid until the next
  // run. In pairs, `re` holds them.
  Planar run(FftLayout layout, const float* re, const float* im) noexcept;
  // Transforms into `pairs`, laid out as `out` (not planar).
  void run_to_pairs(FftLayout layout, const float* re, const float* im, FftLayout out,
                    float* pairs) noexcept;

 private:
  struct Pass {
    std::size_t radix;
    std::size_t groups;
    std::size_t stride;
    AlignedFloats twiddles;
  };
  // What Bluestein's algorithm needs: X[k] = chirp[k] ((x chirp) convolved with 1/chirp)[k].
  struct Chirp {
    std::unique_ptr<ComplexPlan> plan;   // At least 2 size - 1 long.
    AlignedFloats re, im;                // exp(-i pi n^2 / size), n < size.
    AlignedFloats filter_re, filter_im;  // Transform of 1/chirp, scaled by 1/plan size.
    AlignedFloats work_re, work_im;
  };

  void plan_passes();
  void plan_chirp();
  Planar buffer(std::size_t index) noexcept;
  Planar run_passes(FftLayout layout, const float* re, const float* im, FftLayout out,
                    float* pairs) noexcept;
  Planar run_chirp(FftLayout layout, const float* re, const float* im) noexcept;

  std::size_t size_;
  const FftKernels& kernels_;
  std::vector<Pass> passes_;
  std::unique_ptr<Chirp> chirp_;
  AlignedFloats buffers_;  // Two planar ones, written in turns.
  std::size_t row_;        // Floats from row to row in buffers_.
};

}  // namespace syrinx::dsp
