// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "syrinx/core/base/realtime.h"
#include "syrinx/core/dsp/cpu_features.h"

// The hot loops over samples, in one table of function pointers per SIMD level. Every level gives
// the same bits as every other: sums run over sixteen lanes in the same order everywhere, and
// nothing is fused. All are real-time safe, take any length (0 too) and any alignment.
//
// Integer samples are full scale at 2^(bits-1): int16 -32768 is -1.0, and 1.0 saturates to 32767.
// To integer: rounded to nearest, halves away from zero; saturated; NaN becomes 0.
// int16 and int24 survive int -> float -> int exactly. A float32 holds 24 significant bits, so an
// int32 survives only through the double functions.
//
// Raw pointers, not spans: the code behind them is compiled for processors that this one may not
// be, and must not instantiate anything inline that the linker could share with the rest.
namespace syrinx::dsp {

// Where a stream of dither noise is. Equal seeds give equal noise however the stream is cut into
// blocks. Sample i of the stream draws the hash (lowbias32, by C. Wellons) of seed + i, whose two
// 16-bit halves differ by a triangular (TPDF) variable in (-1, 1) least significant bits.
struct Dither {
  std::uint32_t position = 0;  // Advances by one per sample.
};

// One half of a symmetric function that is looked up between its entries: entry i is its value at
// i / per_unit. units * per_unit + 2 entries, of which the last two are 0.
struct HalfKernel {
  const float* entries;
  std::int32_t units;     // It is 0 from here on.
  std::int32_t per_unit;  // units * per_unit below 2^24.
};

struct Kernels {
  SimdLevel level;

  void (*gain)(float* x, std::size_t n, float gain) noexcept;                 // x *= gain
  void (*mix)(float* y, const float* x, std::size_t n, float gain) noexcept;  // y += gain * x
  void (*multiply)(float* y, const float* x, std::size_t n) noexcept;         // y *= x
  // y = a * b, element by element on n complex numbers (re, im, re, im ...); y may be a or b.
  void (*complex_multiply)(float* y, const float* a, const float* b, std::size_t n) noexcept;
  // Into [low, high]; NaN becomes 0 before that.
  void (*clamp)(float* x, std::size_t n, float low, float high) noexcept;

  double (*dot)(const float* a, const float* b, std::size_t n) noexcept;
  double (*sum_of_squares)(const float* x, std::size_t n) noexcept;
  float (*peak)(const float* x, std::size_t n) noexcept;  // Largest |x|; NaNs are passed over.

  // y[i] = the sum over k of x[k] * half(|k - p| * scale) for p = at + i * step: the convolution of
  // x with the function, stretched by 1 / scale, at places between the samples. Each sum is in the
  // order of k. Pre: 0 < scale, and x has units / scale + 1 samples to either side of every p.
  void (*convolve_between)(float* y, std::size_t n, const float* x, double at, double step,
                           double scale, const HalfKernel& half) noexcept;

  void (*int16_to_float)(float* y, const std::int16_t* x, std::size_t n) noexcept;
  void (*int24_to_float)(float* y, const std::uint8_t* x, std::size_t n) noexcept;  // 3 bytes, LE.
  void (*int32_to_float)(float* y, const std::int32_t* x, std::size_t n) noexcept;
  void (*int32_to_double)(double* y, const std::int32_t* x, std::size_t n) noexcept;

  // `dither` null for none; else TPDF noise is added before rounding and its position advances.
  void (*float_to_int16)(std::int16_t* y, const float* x, std::size_t n, Dither* dither) noexcept;
  void (*float_to_int24)(std::uint8_t* y, const float* x, std::size_t n, Dither* dither) noexcept;
  void (*float_to_int32)(std::int32_t* y, const float* x, std::size_t n) noexcept;
  void (*double_to_int32)(std::int32_t* y, const double* x, std::size_t n) noexcept;
};

// The table of simd_level().
const Kernels& kernels() noexcept SYRINX_REALTIME;
// The table of one level, or null where this processor or this build does not have it.
const Kernels* kernels_for(SimdLevel level) noexcept;

}  // namespace syrinx::dsp
