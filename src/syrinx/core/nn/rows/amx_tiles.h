// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the kernels for AMX tiles share; for sources compiled for AMX-BF16 and AVX-512 alone. An
// output block is 32 rows by 32 channels: four accumulator tiles (0-3), two of rows (4, 5), two of
// weights (6, 7).
#include <immintrin.h>

#include <cstddef>

#include "syrinx/core/nn/rows/row_kernels.h"

namespace syrinx::nn {
namespace {

#define SYRINX_AMX_INLINE [[gnu::always_inline]] inline

constexpr std::size_t kSide = 32;         // Rows and channels of an output block.
constexpr std::size_t kTileBytes = 1024;  // 16 rows of 64 bytes.
constexpr std::size_t kCacheBytes = std::size_t{96} * 1024;  // Of input rows swept by each block.
// The same where weights come from further away than the second-level cache: all rows of a call
// pass over them while they are there.
constexpr std::size_t kSpanBytes = std::size_t{640} * 1024;

// Brings weights into the second-level cache before their turn, a few lines with every step of what
// goes before them; not those of which all is in the cache anyway.
class WeightsAhead {
 public:
  SYRINX_AMX_INLINE WeightsAhead(const std::byte* weights, std::size_t bytes, std::size_t steps)
      : at_(weights),
        left_(bytes < kLeastBytes ? 0 : bytes / kLine),
        lines_((left_ + steps - 1) / steps) {}
  SYRINX_AMX_INLINE void step() {
    for (std::size_t i = 0; i < lines_ && left_ > 0; ++i, --left_, at_ += kLine)
      _mm_prefetch(reinterpret_cast<const char*>(at_), _MM_HINT_T1);
  }

 private:
  static constexpr std::size_t kLine = 64;
  static constexpr std::size_t kLeastBytes = std::size_t{64} * 1024;
  const std::byte* at_;
  std::size_t left_;
  std::size_t lines_;
};

SYRINX_AMX_INLINE __m512 leaky(__m512 v, __m512 slope) {
  return _mm512_max_ps(v, _mm512_mul_ps(v, slope));
}

// 2^x for x up to 60: a polynomial over the fraction, within 8e-8 of it (least largest relative
// error, found by Remez' exchange), or without `Fine` 8e-5, which single bfloat16 do not resolve.
template <bool Fine = true>
SYRINX_AMX_INLINE __m512 exp2_of(__m512 x) {
  constexpr float kFine[] = {1.877576680e-3F, 8.989340284e-3F, 5.582631767e-2F,
                             2.401536173e-1F, 6.931530731e-1F, 9.999999251e-1F};
  constexpr float kRough[] = {7.802452408e-2F, 2.260671619e-1F, 6.958335334e-1F, 9.999252198e-1F};
  constexpr std::size_t kTerms = Fine ? 6 : 4;
  const float* terms = Fine ? kFine : kRough;
  x = _mm512_min_ps(x, _mm512_set1_ps(60.0F));
  const __m512 r = _mm512_reduce_ps(x, _MM_FROUND_TO_NEG_INF);  // x - floor(x)
  __m512 p = _mm512_set1_ps(terms[0]);
  for (std::size_t k = 1; k < kTerms; ++k) p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(terms[k]));
  return _mm512_scalef_ps(p, x);  // Times 2^floor(x).
}

// All of the tail but `out`, for 32 channels of a row. Adds the residual to v.
SYRINX_AMX_INLINE void finish_floats(const ConvTail& tail, std::size_t row, std::size_t channel,
                                     __m512& v0, __m512& v1) {
  if (tail.residual != nullptr) {
    const float* from = tail.residual + row * tail.residual_stride + channel;
    v0 = _mm512_add_ps(v0, _mm512_loadu_ps(from));
    v1 = _mm512_add_ps(v1, _mm512_loadu_ps(from + 16));
  }
  if (tail.keep != nullptr) {
    float* keep = tail.keep + row * tail.keep_stride + channel;
    _mm512_storeu_ps(keep, v0);
    _mm512_storeu_ps(keep + 16, v1);
  }
  if (tail.sum != nullptr) {
    float* sum = tail.sum + row * tail.sum_stride + channel;
    const bool starts = tail.sum_starts;
    _mm512_storeu_ps(sum, starts ? v0 : _mm512_add_ps(_mm512_loadu_ps(sum), v0));
    _mm512_storeu_ps(sum + 16, starts ? v1 : _mm512_add_ps(_mm512_loadu_ps(sum + 16), v1));
  }
}

SYRINX_AMX_INLINE __m512 high_part(__m512i pairs, int half) {
  const __m256i narrow =
      half == 0 ? _mm512_castsi512_si256(pairs) : _mm512_extracti64x4_epi64(pairs, 1);
  return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(narrow), 16));
}

// Stores 32 channels as bfloat16; with `Pair` what that misses `low_bytes` further on as well.
template <bool Pair>
SYRINX_AMX_INLINE void store_bf16(std::byte* to, std::size_t low_bytes, __m512 a, __m512 b) {
  const __m512i high = reinterpret_cast<__m512i>(_mm512_cvtne2ps_pbh(b, a));
  _mm512_storeu_si512(to, high);
  if constexpr (Pair) {
    const __m512bh low = _mm512_cvtne2ps_pbh(_mm512_sub_ps(b, high_part(high, 1)),
                                             _mm512_sub_ps(a, high_part(high, 0)));
    _mm512_storeu_si512(to + low_bytes, reinterpret_cast<__m512i>(low));
  }
}

// The tiles that a step of 32 input channels under one tap begins with. A block's first step begins
// before the stores of the block before it: these write to every place of a page, so that loads
// behind them wait until they are through.
template <bool Pair>
SYRINX_AMX_INLINE void begin_step(const std::byte* rows, std::size_t stride,
                                  const std::byte* weights) {
  const auto step = static_cast<long>(stride);
  const std::byte* first = weights + (Pair ? 2 : 0) * kTileBytes;
  _tile_loadd(4, rows, step);
  _tile_loadd(6, first, 64);
  _tile_loadd(7, first + kTileBytes, 64);
  _tile_loadd(5, rows + 16 * stride, step);
}

// What is left of the step, into the four accumulators. Every tile is loaded once; the small
// products come first. `other(i, n)` does the i-th of n shares of what the vector units have to do
// meanwhile: little at a time, so that the tile unit's next product is always within the
// processor's sight.
template <bool Pair, class Other>
SYRINX_AMX_INLINE void end_step(const std::byte* rows, std::size_t stride, std::size_t low_bytes,
                                const std::byte* weights, Other&& other) {
  if constexpr (!Pair) {
    _tile_dpbf16ps(0, 4, 6);
    _tile_dpbf16ps(1, 4, 7);
    other(0, 2);
    _tile_dpbf16ps(2, 5, 6);
    _tile_dpbf16ps(3, 5, 7);
    other(1, 2);
    return;
  }
  const auto step = static_cast<long>(stride);
  _tile_dpbf16ps(0, 4, 6);  // high rows x low weights
  _tile_dpbf16ps(1, 4, 7);
  _tile_dpbf16ps(2, 5, 6);
  other(0, 4);
  _tile_dpbf16ps(3, 5, 7);
  _tile_loadd(6, weights, 64);  // high rows x high weights
  _tile_dpbf16ps(0, 4, 6);
  _tile_dpbf16ps(2, 5, 6);
  other(1, 4);
  _tile_loadd(7, weights + kTileBytes, 64);
  _tile_dpbf16ps(1, 4, 7);
  _tile_dpbf16ps(3, 5, 7);
  _tile_loadd(4, rows + low_bytes, step);  // low rows x high weights
  _tile_dpbf16ps(0, 4, 6);
  other(2, 4);
  _tile_dpbf16ps(1, 4, 7);
  _tile_loadd(5, rows + 16 * stride + low_bytes, step);
  _tile_dpbf16ps(2, 5, 6);
  _tile_dpbf16ps(3, 5, 7);
  other(3, 4);
}

template <bool Pair, class Other>
SYRINX_AMX_INLINE void multiply_step(const std::byte* rows, std::size_t stride,
                                     std::size_t low_bytes, const std::byte* weights,
                                     Other&& other) {
  begin_step<Pair>(rows, stride, weights);
  end_step<Pair>(rows, stride, low_bytes, weights, other);
}

// A step whose two halves of outputs multiply other inputs: rows `a` for channels 0-15, `b` for
// 16-31.
template <bool Pair, class Other>
SYRINX_AMX_INLINE void multiply_halves(const std::byte* a, const std::byte* b, std::size_t stride,
                                       std::size_t low_bytes, const std::byte* weights,
                                       Other&& other) {
  const auto step = static_cast<long>(stride);
  _tile_loadd(4, a, step);
  _tile_loadd(5, a + 16 * stride, step);
  if constexpr (!Pair) {
    _tile_loadd(6, weights, 64);
    _tile_dpbf16ps(0, 4, 6);
    _tile_dpbf16ps(2, 5, 6);
    other(0, 2);
    _tile_loadd(7, weights + kTileBytes, 64);
    _tile_loadd(4, b, step);
    _tile_dpbf16ps(1, 4, 7);
    _tile_loadd(5, b + 16 * stride, step);
    _tile_dpbf16ps(3, 5, 7);
    other(1, 2);
    return;
  }
  _tile_loadd(6, weights + 2 * kTileBytes, 64);
  _tile_dpbf16ps(0, 4, 6);  // high rows x low weights
  _tile_dpbf16ps(2, 5, 6);
  _tile_loadd(7, weights, 64);
  _tile_dpbf16ps(0, 4, 7);  // high rows x high weights
  other(0, 4);
  _tile_dpbf16ps(2, 5, 7);
  _tile_loadd(4, a + low_bytes, step);
  _tile_dpbf16ps(0, 4, 7);  // low rows x high weights
  _tile_loadd(5, a + 16 * stride + low_bytes, step);
  _tile_dpbf16ps(2, 5, 7);
  other(1, 4);
  _tile_loadd(6, weights + 3 * kTileBytes, 64);
  _tile_loadd(4, b, step);
  _tile_dpbf16ps(1, 4, 6);
  _tile_loadd(5, b + 16 * stride, step);
  _tile_dpbf16ps(3, 5, 6);
  _tile_loadd(7, weights + kTileBytes, 64);
  _tile_dpbf16ps(1, 4, 7);
  other(2, 4);
  _tile_dpbf16ps(3, 5, 7);
  _tile_loadd(4, b + low_bytes, step);
  _tile_dpbf16ps(1, 4, 7);
  _tile_loadd(5, b + 16 * stride + low_bytes, step);
  _tile_dpbf16ps(3, 5, 7);
  other(3, 4);
}

// Accumulators from or to 32 rows of 32 floats; with `stride` 0 all rows are the same one.
SYRINX_AMX_INLINE void load_block(const float* from, std::size_t stride) {
  const auto bytes = static_cast<long>(stride * sizeof(float));
  _tile_loadd(0, from, bytes);
  _tile_loadd(1, from + 16, bytes);
  _tile_loadd(2, from + 16 * stride, bytes);
  _tile_loadd(3, from + 16 * stride + 16, bytes);
}

// The accumulators, of float or of 32-bit integers.
template <class T>
SYRINX_AMX_INLINE void store_block(T* to, std::size_t stride) {
  const auto bytes = static_cast<long>(stride * sizeof(T));
  _tile_stored(0, to, bytes);
  _tile_stored(1, to + 16, bytes);
  _tile_stored(2, to + 16 * stride, bytes);
  _tile_stored(3, to + 16 * stride + 16, bytes);
  __asm__ volatile("" ::: "memory");
}

template <class T>
SYRINX_AMX_INLINE void store_block(T* products) {
  store_block(products, kSide);
}

}  // namespace
}  // namespace syrinx::nn
