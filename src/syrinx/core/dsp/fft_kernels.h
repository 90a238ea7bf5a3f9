// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

// The passes that an FFT is made of, one set per SIMD level. Private to fft*.cc.
namespace syrinx::dsp {

// How complex numbers lie in memory: two rows; pairs (re, im); or pairs with the parts exchanged,
// by which a forward transform computes the inverse one.
enum class FftLayout { kPlanar, kInterleaved, kSwapped };

// One Stockham pass of radix r over n = r * groups numbers, `stride` transforms side by side:
//   y[q + stride (r p + k)] = w^(p k) * sum over j of x[q + stride (p + groups j)] exp(-2 pi i j
//   k/r)
// with w = exp(-2 pi i / n), for p < groups, k < r, q < stride. x and y do not overlap. In pairs,
// re holds them and im is unused.
struct FftPass {
  const float* re_in;
  const float* im_in;
  float* re_out;
  float* im_out;
  // w^(p k), k = 1 .. r-1. First pass: for each k a row over p of real parts, then one of imaginary
  // parts. Later passes: for each p the r-1 pairs (re, im).
  const float* twiddles;
  std::size_t groups;
  std::size_t stride;
};
using FftPassFunction = void (*)(const FftPass& pass) noexcept;

// What turns a transform of n/2 complex numbers into one of n real ones, and back.
struct FftSplit {
  const float* cosines;  // cos(2 pi k / n) and sin(2 pi k / n), k = 0 .. n/4.
  const float* sines;
  std::size_t half;  // n/2
};

struct FftKernels {
  // A first pass (stride 1): reads `in`, writes planar. Null if there is none for the radix.
  FftPassFunction (*first)(std::size_t radix, std::size_t groups, FftLayout in) noexcept;
  // A later pass: reads planar, writes `out`, which must be planar unless groups is 1.
  FftPassFunction (*later)(std::size_t radix, std::size_t stride, FftLayout out) noexcept;
  // Bins 0 .. half (pairs) of real input from the planar transform z of its sample pairs.
  void (*split)(const FftSplit& split, const float* z_re, const float* z_im, float* bins) noexcept;
  // Undoes split(), scaled by `scale`.
  void (*join)(const FftSplit& split, const float* bins, float scale, float* z_re,
               float* z_im) noexcept;
};

const FftKernels& fft_kernels_generic() noexcept;
#if defined(__x86_64__)
const FftKernels& fft_kernels_avx2() noexcept;
const FftKernels& fft_kernels_avx512() noexcept;
#endif

}  // namespace syrinx::dsp
