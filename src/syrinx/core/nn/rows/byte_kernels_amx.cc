// SPDX-License-Identifier: Apache-2.0
// Convolutions of bytes by AMX tiles, compiled for AMX-INT8 and AVX-512; see CMakeLists.txt. Like
// row_kernels_amx.cc: while the tile unit multiplies one block of 32 rows by 32 channels, the
// vector units finish the block before it.
#include <immintrin.h>

#include "syrinx/core/nn/rows/amx_tiles.h"
#include "syrinx/core/nn/rows/byte_kernels_levels.h"

namespace syrinx::nn {
namespace {

// A block whose sums are done and whose rows wait to be finished.
struct Pending {
  const std::int32_t* sums = nullptr;  // [32][32]
  std::size_t row = 0;
  std::size_t rows = 0;
  std::size_t done = 0;
  std::size_t channel = 0;
};

// 16 channels of a finished row of integers, with bias.
SYRINX_AMX_INLINE __m512 to_floats(const ConvWeights& conv, const std::int32_t* sums,
                                   std::size_t channel) {
  const __m512i whole =
      _mm512_add_epi32(_mm512_load_si512(sums), _mm512_loadu_si512(conv.start + channel));
  return _mm512_fmadd_ps(_mm512_cvtepi32_ps(whole), _mm512_loadu_ps(conv.scale + channel),
                         _mm512_loadu_ps(conv.bias + channel));
}

SYRINX_AMX_INLINE void store_bytes(std::byte* to, const ByteCode& code, std::size_t channel,
                                   __m512 v) {
  v = _mm512_fmadd_ps(v, _mm512_loadu_ps(code.inverse_step + channel),
                      _mm512_loadu_ps(code.zero + channel));
  const __m512i rounded = _mm512_cvtps_epi32(_mm512_max_ps(v, _mm512_setzero_ps()));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(to + channel), _mm512_cvtusepi32_epi8(rounded));
}

// Finishes at most `count` rows of the block.
SYRINX_AMX_INLINE void finish_rows(const ConvCall& call, Pending& block, std::size_t count) {
  const ConvTail& tail = call.tail;
  const __m512 slope = _mm512_set1_ps(tail.slope);
  const std::size_t end = block.done + count < block.rows ? block.done + count : block.rows;
  for (std::size_t r = block.done; r < end; ++r) {
    const std::size_t row = block.row + r;
    const std::int32_t* sums = block.sums + r * kSide;
    __m512 v0 = to_floats(call.conv, sums, block.channel);
    __m512 v1 = to_floats(call.conv, sums + 16, block.channel + 16);
    finish_floats(tail, row, block.channel, v0, v1);
    if (tail.out == nullptr) continue;
    std::byte* out = tail.out + row * tail.out_stride;
    store_bytes(out, tail.bytes, block.channel, leaky(v0, slope));
    store_bytes(out, tail.bytes, block.channel + 16, leaky(v1, slope));
  }
  block.done = end;
}

// One step of 64 bytes of each row, into the four accumulators.
SYRINX_AMX_INLINE void multiply_bytes(const std::byte* rows, std::size_t stride,
                                      const std::byte* weights) {
  _tile_loadd(4, rows, static_cast<long>(stride));
  _tile_loadd(6, weights, 64);
  _tile_dpbusd(0, 4, 6);
  _tile_loadd(7, weights + kTileBytes, 64);
  _tile_dpbusd(1, 4, 7);
  _tile_loadd(5, rows + 16 * stride, static_cast<long>(stride));
  _tile_dpbusd(2, 5, 6);
  _tile_dpbusd(3, 5, 7);
}

// All products of one output block, the block before it being finished meanwhile.
SYRINX_AMX_INLINE void multiply_block(const ConvCall& call, std::size_t row,
                                      const std::byte* weights, Pending& before) {
  const std::size_t steps = call.conv.taps;
  const std::size_t share = (before.rows + steps - 1) / steps;
  const std::byte* first = call.in + row * call.in_stride;
  _tile_zero(0);
  _tile_zero(1);
  _tile_zero(2);
  _tile_zero(3);
  for (std::size_t step = 0; step < steps; ++step, weights += 2 * kTileBytes) {
    multiply_bytes(first + call.conv.offsets[step], call.in_stride, weights);
    finish_rows(call, before, share);
  }
}

}  // namespace

void conv_bytes_amx(const ConvCall& call) noexcept {
  alignas(64) std::int32_t sums[2][kSide * kSide];
  const ConvWeights& conv = call.conv;
  const std::size_t block_bytes = conv.taps * 2 * kTileBytes;
  const std::size_t span = kSide * (1 + kCacheBytes / (call.in_stride * kSide));
  Pending pending;
  int turn = 0;
  for (std::size_t begin = 0; begin < call.rows; begin += span) {
    const std::size_t end = begin + span < call.rows ? begin + span : call.rows;
    for (std::size_t channel = 0; channel < conv.out_channels; channel += kSide) {
      const std::byte* weights = conv.weights + channel / kSide * block_bytes;
      for (std::size_t row = begin; row < end; row += kSide) {
        multiply_block(call, row, weights, pending);
        finish_rows(call, pending, kSide);
        store_block(sums[turn]);
        pending = {sums[turn], row, end - row < kSide ? end - row : kSide, 0, channel};
        turn ^= 1;
      }
    }
  }
  finish_rows(call, pending, kSide);
}

}  // namespace syrinx::nn
