// SPDX-License-Identifier: Apache-2.0
#pragma once

// The one source of the kernels for bytes but AMX's, compiled once per SIMD level by
// byte_kernels_generic.cc and its siblings, each of which defines first:
//   SYRINX_VECTOR_FLOATS  floats in a register
//   SYRINX_ROWS_A_TIME    rows of output held in registers
//   SYRINX_BLOCKS_A_TIME  blocks of 16 output channels held in registers
//   SYRINX_BYTE_QUADS     1 where one instruction multiplies and adds four bytes (VNNI), else 0

#if defined(__SSE2__)
#include <immintrin.h>
#endif

#include "syrinx/core/nn/rows/byte_kernels.h"
#include "syrinx/core/nn/rows/row_tail_impl.h"

namespace syrinx::nn {
namespace {

typedef std::uint8_t Bytes16 __attribute__((vector_size(16)));
typedef std::int16_t Shorts16 __attribute__((vector_size(32)));
typedef std::uint8_t NarrowBytes __attribute__((vector_size(kWidth)));

constexpr bool kQuads = SYRINX_BYTE_QUADS != 0;
constexpr std::size_t kGroup = kQuads ? 4 : 2;  // Inputs that one step multiplies.
constexpr std::size_t kChunk = 16;              // Inputs that are widened at a time.

// sum + x . w in each lane: lanes of x, all the same, and of w hold a group of inputs.
SYRINX_INLINE Int multiply_add(Int sum, Int x, Int w) {
#if SYRINX_BYTE_QUADS && SYRINX_VECTOR_FLOATS == 8
  return (Int)_mm256_dpbusd_avx_epi32((__m256i)sum, (__m256i)x, (__m256i)w);
#elif SYRINX_BYTE_QUADS
  return (Int)_mm512_dpbusd_epi32((__m512i)sum, (__m512i)x, (__m512i)w);
#elif SYRINX_VECTOR_FLOATS == 16
  return sum + (Int)_mm512_madd_epi16((__m512i)x, (__m512i)w);
#elif SYRINX_VECTOR_FLOATS == 8
  return sum + (Int)_mm256_madd_epi16((__m256i)x, (__m256i)w);
#elif defined(__SSE2__)
  return sum + (Int)_mm_madd_epi16((__m128i)x, (__m128i)w);
#else
  return sum + ((x << 16) >> 16) * ((w << 16) >> 16) + (x >> 16) * (w >> 16);
#endif
}

SYRINX_INLINE Int splat_group(const std::byte* from) {
  std::int32_t group;
  __builtin_memcpy(&group, from, sizeof group);
  return group + Int{};
}

// A chunk of inputs of each row, as the kernels multiply them: bytes, or widened to 16 bits.
template <std::size_t Rows>
struct Chunk {
  alignas(64) std::byte widened[Rows][kChunk * 2];
};
template <std::size_t Rows>
SYRINX_INLINE void widen(Chunk<Rows>& chunk, const std::byte* rows, std::size_t stride) {
  for (std::size_t r = 0; r < Rows; ++r) {
    // Not by store(): clang refuses to hand over a vector that is wider than the level's registers.
    const Shorts16 wide = __builtin_convertvector(load<Bytes16>(rows + r * stride), Shorts16);
    __builtin_memcpy(chunk.widened[r], &wide, sizeof wide);
  }
}

// v as a byte, rounded to nearest.
SYRINX_INLINE void store_bytes(std::byte* to, const ByteCode& code, std::size_t channel, Float v) {
  v = v * load<Float>(code.inverse_step + channel) + load<Float>(code.zero + channel);
  v = v > splat(0.0F) ? v : splat(0.0F);
  v = v < splat(255.0F) ? v : splat(255.0F);
  // 1.5 * 2^23: adding it rounds to whole numbers and leaves them in the low bits.
  const Int rounded = (Int)(v + splat(12582912.0F)) & 0xff;
  store(to + channel, __builtin_convertvector(rounded, NarrowBytes));
}

SYRINX_INLINE void finish_sums(const ConvCall& call, std::size_t row, std::size_t channel,
                               Int sums) {
  const ConvTail& tail = call.tail;
  Float v = __builtin_convertvector(sums, Float) * load<Float>(call.conv.scale + channel) +
            load<Float>(call.conv.bias + channel);
  v = finish_floats(tail, row, channel, v);
  if (tail.out == nullptr) return;
  store_bytes(tail.out + row * tail.out_stride, tail.bytes, channel, leaky(v, splat(tail.slope)));
}

// `Rows` rows by `Blocks` blocks of 16 channels in registers, over all taps and input channels.
// Rows past `valid` are computed and dropped.
template <std::size_t Rows, std::size_t Blocks>
SYRINX_INLINE void conv_tile(const ConvCall& call, std::size_t row, std::size_t valid,
                             std::size_t block) {
  constexpr std::size_t kVectors = Blocks * kParts;
  constexpr std::size_t kStepBytes = kBlock * sizeof(std::int32_t);
  const ConvWeights& conv = call.conv;
  const std::size_t block_bytes = conv.taps * conv.in_channels / kGroup * kStepBytes;
  const std::byte* weights = conv.weights + block * block_bytes;
  Int sums[Rows][kVectors];
  for (std::size_t v = 0; v < kVectors; ++v) {
    const Int start = load<Int>(conv.start + block * kBlock + v * kWidth);
    for (std::size_t r = 0; r < Rows; ++r) sums[r][v] = start;
  }
  const std::size_t stride = call.in_stride;
  for (std::size_t tap = 0; tap < conv.taps; ++tap) {
    const std::byte* rows = call.in + (static_cast<std::ptrdiff_t>(row) + conv.offsets[tap]) *
                                          static_cast<std::ptrdiff_t>(stride);
    for (std::size_t chunk = 0; chunk < conv.in_channels; chunk += kChunk, rows += kChunk) {
      Chunk<Rows> wide;
      if constexpr (!kQuads) widen(wide, rows, stride);
      for (std::size_t step = 0; step < kChunk / kGroup; ++step) {
        Int w[kVectors];
        for (std::size_t b = 0; b < Blocks; ++b)
          for (std::size_t p = 0; p < kParts; ++p)
            w[b * kParts + p] = load<Int>(weights + b * block_bytes + p * sizeof(Int));
        for (std::size_t r = 0; r < Rows; ++r) {
          const Int x =
              splat_group(kQuads ? rows + r * stride + step * 4 : wide.widened[r] + step * 4);
          for (std::size_t v = 0; v < kVectors; ++v) sums[r][v] = multiply_add(sums[r][v], x, w[v]);
        }
        weights += kStepBytes;
      }
    }
  }
  for (std::size_t r = 0; r < Rows; ++r) {
    if (r == valid) break;
    for (std::size_t v = 0; v < kVectors; ++v)
      finish_sums(call, row + r, block * kBlock + v * kWidth, sums[r][v]);
  }
}

void conv_bytes(const ConvCall& call) noexcept {
  constexpr std::size_t kRows = SYRINX_ROWS_A_TIME;
  constexpr std::size_t kBlocks = SYRINX_BLOCKS_A_TIME;
  const std::size_t blocks = call.conv.out_channels / kBlock;
  // Rows that stay in the first-level cache while every block of channels passes over them.
  const std::size_t span = kRows * (1 + std::size_t{24} * 1024 / (call.conv.in_channels * kRows));
  for (std::size_t begin = 0; begin < call.rows; begin += span) {
    const std::size_t end = begin + span < call.rows ? begin + span : call.rows;
    std::size_t block = 0;
    for (; block + kBlocks <= blocks; block += kBlocks)
      for (std::size_t row = begin; row < end; row += kRows)
        conv_tile<kRows, kBlocks>(call, row, end - row, block);
    for (; block < blocks; ++block)
      for (std::size_t row = begin; row < end; row += kRows)
        conv_tile<kRows, 1>(call, row, end - row, block);
  }
}

void activate_bytes(std::byte* out, std::size_t out_stride, const ByteCode& code, const float* x,
                    std::size_t x_stride, std::size_t rows, std::size_t channels, float scale,
                    float slope) noexcept {
  for (std::size_t r = 0; r < rows; ++r) {
    const float* from = x + r * x_stride;
    for (std::size_t c = 0; c < channels; c += kWidth)
      store_bytes(out + r * out_stride, code, c,
                  leaky(load<Float>(from + c) * splat(scale), splat(slope)));
  }
}

constexpr ByteKernels make_byte_kernels() {
  return {kQuads ? ByteLayout::kQuads : ByteLayout::kPairs, conv_bytes, activate_bytes};
}

}  // namespace
}  // namespace syrinx::nn
