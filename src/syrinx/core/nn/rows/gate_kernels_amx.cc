// SPDX-License-Identifier: Apache-2.0
// Gated convolutions by AMX tiles, compiled for AMX-BF16 and AVX-512; see CMakeLists.txt. An output
// block is 32 rows by 16 gated channels: 16 columns of a and 16 of b. While the tile unit
// multiplies one block, the vector units gate the block before it, which costs about as much again.
#include <immintrin.h>

#include "syrinx/core/nn/rows/amx_tiles.h"
#include "syrinx/core/nn/rows/gate_kernels_levels.h"

namespace syrinx::nn {
namespace {

constexpr std::size_t kGated = kSide / 2;
// Of input rows that each block of weights passes over before the next block's turn: few, where the
// weights stay in the second-level cache beside them; many, where they come from further away.
constexpr std::size_t kFewRowBytes = std::size_t{96} * 1024;
constexpr std::size_t kManyRowBytes = std::size_t{1} << 20;
constexpr std::size_t kManyWeightBytes = std::size_t{1} << 20;

// e^-x for x in [-limit, 80]: 2^n e^r with |r| <= ln 2 / 2 by its Taylor series to degree 6.
SYRINX_AMX_INLINE __m512 exp_negative(__m512 x, float limit) {
  x = _mm512_min_ps(_mm512_max_ps(x, _mm512_set1_ps(-limit)), _mm512_set1_ps(80.0F));
  const __m512 n = _mm512_roundscale_ps(_mm512_mul_ps(x, _mm512_set1_ps(-1.44269504F)), 0);
  __m512 r = _mm512_fnmadd_ps(n, _mm512_set1_ps(0.693359375F), _mm512_sub_ps(_mm512_set1_ps(0), x));
  r = _mm512_fnmadd_ps(n, _mm512_set1_ps(-2.12194440e-4F), r);
  __m512 p = _mm512_set1_ps(1.0F / 720);
  p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(1.0F / 120));
  p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(1.0F / 24));
  p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(1.0F / 6));
  p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(0.5F));
  p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(1.0F));
  p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(1.0F));
  return _mm512_scalef_ps(p, n);
}

// tanh(a) sigmoid(b) = (1 - e^-2a) / ((1 + e^-2a) (1 + e^-b)); the quotient by a step of Newton's.
SYRINX_AMX_INLINE __m512 gate_of(__m512 a, __m512 b) {
  const __m512 one = _mm512_set1_ps(1.0F);
  const __m512 u = exp_negative(_mm512_add_ps(a, a), 40.0F);
  const __m512 v = exp_negative(b, 40.0F);
  const __m512 d = _mm512_mul_ps(_mm512_add_ps(one, u), _mm512_add_ps(one, v));
  const __m512 guess = _mm512_rcp14_ps(d);
  const __m512 inverse = _mm512_mul_ps(guess, _mm512_fnmadd_ps(d, guess, _mm512_set1_ps(2.0F)));
  return _mm512_mul_ps(_mm512_sub_ps(one, u), inverse);
}

// Stores 16 channels as bfloat16; with `Pair` what that misses `low_bytes` further on as well.
template <bool Pair>
SYRINX_AMX_INLINE void store_half(std::byte* to, std::size_t low_bytes, __m512 v) {
  const __m256i high = reinterpret_cast<__m256i>(_mm512_cvtneps_pbh(v));
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), high);
  if constexpr (Pair) {
    const __m512 back = _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(high), 16));
    const __m256i low = reinterpret_cast<__m256i>(_mm512_cvtneps_pbh(_mm512_sub_ps(v, back)));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(to + low_bytes), low);
  }
}

// A block whose products are done and whose rows wait to be gated.
struct Pending {
  const float* products = nullptr;  // [32][32]
  std::size_t row = 0;
  std::size_t rows = 0;
  std::size_t done = 0;
  std::size_t channel = 0;  // Of the convolutions' output.
};

template <bool Pair>
SYRINX_AMX_INLINE void gate_rows(const GatedCall& call, Pending& block, std::size_t count) {
  const __m512 bias_a = _mm512_loadu_ps(call.conv.bias + block.channel);
  const __m512 bias_b = _mm512_loadu_ps(call.conv.bias + block.channel + kGated);
  const std::size_t end = block.done + count < block.rows ? block.done + count : block.rows;
  for (std::size_t r = block.done; r < end; ++r) {
    const float* from = block.products + r * kSide;
    const __m512 v = gate_of(_mm512_add_ps(_mm512_load_ps(from), bias_a),
                             _mm512_add_ps(_mm512_load_ps(from + kGated), bias_b));
    // 16 gated channels of two bytes for every 32 of the convolution.
    store_half<Pair>(call.out + (block.row + r) * call.out_stride + block.channel,
                     call.conv.out_channels, v);
  }
  block.done = end;
}

// Adds one convolution's products of a block to the accumulators.
template <bool Pair>
SYRINX_AMX_INLINE void multiply_conv(const GatedCall& call, const ConvWeights& conv,
                                     const std::byte* in, std::size_t stride, std::size_t block,
                                     Pending& before, std::size_t share) {
  constexpr std::size_t kStepBytes = (Pair ? 4 : 2) * kTileBytes;
  const std::size_t parts = conv.in_channels / kSide;
  const std::byte* weights = conv.weights + block * conv.taps * parts * kStepBytes;
  for (std::size_t tap = 0; tap < conv.taps; ++tap) {
    const std::byte* rows =
        in + static_cast<std::ptrdiff_t>(conv.offsets[tap]) * static_cast<std::ptrdiff_t>(stride);
    for (std::size_t part = 0; part < parts; ++part) {
      multiply_step<Pair>(rows + part * 64, stride, conv.in_channels * 2, weights);
      weights += kStepBytes;
      gate_rows<Pair>(call, before, share);
    }
  }
}

template <bool Pair>
SYRINX_AMX_INLINE void convolve(const GatedCall& call) {
  alignas(64) float products[2][kSide * kSide];
  const std::size_t steps =
      (call.conv.taps * call.conv.in_channels + call.side.taps * call.side.in_channels) / kSide;
  const std::size_t share = (kSide + steps - 1) / steps;
  const std::size_t weight_bytes =
      steps * (call.conv.out_channels / kSide) * (Pair ? 4 : 2) * kTileBytes;
  const std::size_t row_bytes = weight_bytes > kManyWeightBytes ? kManyRowBytes : kFewRowBytes;
  const std::size_t span = kSide * (1 + row_bytes / ((call.in_stride + call.side_stride) * kSide));
  Pending pending;
  int turn = 0;
  for (std::size_t begin = 0; begin < call.rows; begin += span) {
    const std::size_t end = begin + span < call.rows ? begin + span : call.rows;
    for (std::size_t channel = 0; channel < call.conv.out_channels; channel += kSide) {
      for (std::size_t row = begin; row < end; row += kSide) {
        _tile_zero(0);
        _tile_zero(1);
        _tile_zero(2);
        _tile_zero(3);
        multiply_conv<Pair>(call, call.conv, call.in + row * call.in_stride, call.in_stride,
                            channel / kSide, pending, share);
        multiply_conv<Pair>(call, call.side, call.side_in + row * call.side_stride,
                            call.side_stride, channel / kSide, pending, share);
        gate_rows<Pair>(call, pending, kSide);
        store_block(products[turn]);
        pending = {products[turn], row, end - row < kSide ? end - row : kSide, 0, channel};
        turn ^= 1;
      }
    }
  }
  gate_rows<Pair>(call, pending, kSide);
}

}  // namespace

void gated_bf16_amx(const GatedCall& call) noexcept { convolve<false>(call); }
void gated_bf16_pair_amx(const GatedCall& call) noexcept { convolve<true>(call); }

}  // namespace syrinx::nn
