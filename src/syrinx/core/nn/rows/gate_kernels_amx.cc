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

// tanh(a) sigmoid(b) = (1 - u) / ((1 + u) (1 + v)) of u = e^-2a and v = e^-b, the powers of two of
// what the products give; the quotient by a step of Newton's.
SYRINX_AMX_INLINE __m512 gate_of(__m512 log2_u, __m512 log2_v) {
  const __m512 one = _mm512_set1_ps(1.0F);
  const __m512 u = exp2_of(log2_u);
  const __m512 v = _mm512_add_ps(one, exp2_of(log2_v));
  const __m512 d = _mm512_fmadd_ps(u, v, v);
  const __m512 guess = _mm512_rcp14_ps(d);
  const __m512 first = _mm512_mul_ps(_mm512_sub_ps(one, u), guess);
  return _mm512_mul_ps(first, _mm512_fnmadd_ps(d, guess, _mm512_set1_ps(2.0F)));
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
  const float* products = nullptr;  // [left][32]
  std::byte* out = nullptr;
  std::size_t left = 0;
};

template <bool Pair>
SYRINX_AMX_INLINE void gate_rows(const GatedCall& call, Pending& block, std::size_t count) {
  count = count < block.left ? count : block.left;
  for (std::size_t r = 0; r < count; ++r) {
    const __m512 v =
        gate_of(_mm512_load_ps(block.products), _mm512_load_ps(block.products + kGated));
    // 16 gated channels of two bytes for every 32 of the convolution.
    store_half<Pair>(block.out, call.conv.out_channels, v);
    block.products += kSide;
    block.out += call.out_stride;
  }
  block.left -= count;
}

// Adds one convolution's products of a block to the accumulators; its first step may have begun.
template <bool Pair>
SYRINX_AMX_INLINE void multiply_conv(const GatedCall& call, const ConvWeights& conv,
                                     const std::byte* in, std::size_t stride, std::size_t block,
                                     bool begun, Pending& before, std::size_t share) {
  constexpr std::size_t kStepBytes = (Pair ? 4 : 2) * kTileBytes;
  const std::size_t parts = conv.in_channels / kSide;
  const std::byte* weights = conv.weights + block * conv.taps * parts * kStepBytes;
  for (std::size_t tap = 0; tap < conv.taps; ++tap) {
    const std::byte* rows =
        in + static_cast<std::ptrdiff_t>(conv.offsets[tap]) * static_cast<std::ptrdiff_t>(stride);
    for (std::size_t part = 0; part < parts; ++part) {
      if (!begun) begin_step<Pair>(rows + part * 64, stride, weights);
      begun = false;
      end_step<Pair>(rows + part * 64, stride, conv.in_channels * 2, weights,
                     [&](std::size_t i, std::size_t n) {
                       gate_rows<Pair>(call, before, share * (i + 1) / n - share * i / n);
                     });
      weights += kStepBytes;
    }
  }
}

// The blocks of a call in the order of their making.
struct Place {
  std::size_t begin = 0;  // Of a span of rows that all channels pass over.
  std::size_t channel = 0;
  std::size_t row = 0;
};

SYRINX_AMX_INLINE Place next_place(const GatedCall& call, Place at, std::size_t span) {
  const std::size_t end = at.begin + span < call.rows ? at.begin + span : call.rows;
  at.row += kSide;
  if (at.row < end) return at;
  at.channel += kSide;
  at.row = at.begin;
  if (at.channel < call.conv.out_channels) return at;
  return {end, 0, end};
}

template <bool Pair>
SYRINX_AMX_INLINE void begin_block(const GatedCall& call, const Place& at) {
  constexpr std::size_t kStepBytes = (Pair ? 4 : 2) * kTileBytes;
  const std::size_t steps = call.conv.taps * call.conv.in_channels / kSide;
  const auto row = static_cast<std::ptrdiff_t>(at.row) + call.conv.offsets[0];
  begin_step<Pair>(call.in + row * static_cast<std::ptrdiff_t>(call.in_stride), call.in_stride,
                   call.conv.weights + at.channel / kSide * steps * kStepBytes);
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
  Place at;
  begin_block<Pair>(call, at);
  while (at.row < call.rows) {
    load_block(call.conv.bias + at.channel, 0);
    multiply_conv<Pair>(call, call.conv, call.in + at.row * call.in_stride, call.in_stride,
                        at.channel / kSide, true, pending, share);
    multiply_conv<Pair>(call, call.side, call.side_in + at.row * call.side_stride, call.side_stride,
                        at.channel / kSide, false, pending, share);
    gate_rows<Pair>(call, pending, kSide);
    const Place next = next_place(call, at, span);
    if (next.row < call.rows) begin_block<Pair>(call, next);
    store_block(products[turn]);
    const std::size_t end = at.begin + span < call.rows ? at.begin + span : call.rows;
    pending = {products[turn], call.out + at.row * call.out_stride + at.channel,
               end - at.row < kSide ? end - at.row : kSide};
    turn ^= 1;
    at = next;
  }
  gate_rows<Pair>(call, pending, kSide);
}

// Adds one block's products to what the accumulators hold.
template <bool Pair>
SYRINX_AMX_INLINE void multiply_sum(const SumCall& call, std::size_t row, std::size_t channel) {
  constexpr std::size_t kStepBytes = (Pair ? 4 : 2) * kTileBytes;
  const std::size_t parts = call.conv.in_channels / kSide;
  const std::byte* weights = call.conv.weights + channel / kSide * parts * kStepBytes;
  for (std::size_t part = 0; part < parts; ++part)
    multiply_step<Pair>(call.in + row * call.in_stride + part * 64, call.in_stride,
                        call.conv.in_channels * 2, weights + part * kStepBytes,
                        [](std::size_t, std::size_t) {});
}

SYRINX_AMX_INLINE void copy_rows(float* to, std::size_t to_stride, const float* from,
                                 std::size_t from_stride, std::size_t rows) {
  for (std::size_t r = 0; r < rows; ++r) {
    _mm512_storeu_ps(to + r * to_stride, _mm512_loadu_ps(from + r * from_stride));
    _mm512_storeu_ps(to + r * to_stride + 16, _mm512_loadu_ps(from + r * from_stride + 16));
  }
}

// The sums are the accumulators: the vector units have nothing to do but at a ragged end, whose
// rows go through a whole block of memory so that they come out the same.
template <bool Pair>
SYRINX_AMX_INLINE void add_conv(const SumCall& call) {
  alignas(64) float block[kSide * kSide] = {};
  for (std::size_t channel = 0; channel < call.conv.out_channels; channel += kSide) {
    for (std::size_t row = 0; row < call.rows; row += kSide) {
      float* sum = call.sum + row * call.sum_stride + channel;
      const std::size_t rows = call.rows - row < kSide ? call.rows - row : kSide;
      const bool whole = rows == kSide;
      if (!whole && !call.starts) copy_rows(block, kSide, sum, call.sum_stride, rows);
      if (call.starts) {
        load_block(call.conv.bias + channel, 0);
      } else {
        load_block(whole ? sum : block, whole ? call.sum_stride : kSide);
      }
      multiply_sum<Pair>(call, row, channel);
      store_block(whole ? sum : block, whole ? call.sum_stride : kSide);
      if (!whole) copy_rows(sum, call.sum_stride, block, kSide, rows);
    }
  }
}

}  // namespace

void gated_bf16_amx(const GatedCall& call) noexcept { convolve<false>(call); }
void gated_bf16_pair_amx(const GatedCall& call) noexcept { convolve<true>(call); }
void add_bf16_amx(const SumCall& call) noexcept { add_conv<false>(call); }
void add_bf16_pair_amx(const SumCall& call) noexcept { add_conv<true>(call); }

}  // namespace syrinx::nn
