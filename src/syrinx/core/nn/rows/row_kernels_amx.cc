// SPDX-License-Identifier: Apache-2.0
// Convolutions by AMX tiles, compiled for AMX-BF16 and AVX-512; see CMakeLists.txt. An output block
// is 32 rows by 32 channels: four accumulator tiles (0-3), two of rows (4, 5), two of weights (6,
// 7). While the tile unit multiplies one block, the vector units finish the block before it.
#include <immintrin.h>

#include "syrinx/core/nn/rows/amx_tiles.h"
#include "syrinx/core/nn/rows/row_kernels.h"
#include "syrinx/core/nn/rows/row_kernels_levels.h"

namespace syrinx::nn {
namespace {

struct alignas(64) TileConfig {
  std::uint8_t palette = 1;
  std::uint8_t start_row = 0;
  std::uint8_t reserved[14] = {};
  std::uint16_t bytes_per_row[16] = {64, 64, 64, 64, 64, 64, 64, 64};
  std::uint8_t rows[16] = {16, 16, 16, 16, 16, 16, 16, 16};
};

// A block whose products are done and whose rows wait to be finished.
struct Pending {
  const float* products = nullptr;  // [32][32]
  std::size_t row = 0;
  std::size_t rows = 0;
  std::size_t done = 0;
  std::size_t channel = 0;
};

// Finishes at most `count` rows of the block.
template <bool Pair>
SYRINX_AMX_INLINE void finish_rows(const ConvCall& call, Pending& block, std::size_t count) {
  const ConvTail& tail = call.tail;
  const float* bias = call.conv.bias + block.channel;
  const __m512 bias0 = _mm512_loadu_ps(bias);
  const __m512 bias1 = _mm512_loadu_ps(bias + 16);
  const std::size_t end = block.done + count < block.rows ? block.done + count : block.rows;
  for (std::size_t r = block.done; r < end; ++r) {
    const std::size_t row = block.row + r;
    __m512 v0 = _mm512_add_ps(_mm512_load_ps(block.products + r * kSide), bias0);
    __m512 v1 = _mm512_add_ps(_mm512_load_ps(block.products + r * kSide + 16), bias1);
    finish_floats(tail, row, block.channel, v0, v1);
    if (tail.out != nullptr) {
      const __m512 slope = _mm512_set1_ps(tail.slope);
      store_bf16<Pair>(tail.out + row * tail.out_stride + block.channel * 2,
                       call.conv.out_channels * 2, leaky(v0, slope), leaky(v1, slope));
    }
  }
  block.done = end;
}

// All products of one output block, the block before it being finished meanwhile.
template <bool Pair>
SYRINX_AMX_INLINE void multiply_block(const ConvCall& call, std::size_t row,
                                      const std::byte* weights, Pending& before) {
  constexpr std::size_t kStepBytes = (Pair ? 4 : 2) * kTileBytes;
  const std::size_t parts = call.conv.in_channels / kSide;
  const std::size_t steps = call.conv.taps * parts;
  const std::size_t share = (before.rows + steps - 1) / steps;
  const std::size_t low_bytes = call.conv.in_channels * 2;
  _tile_zero(0);
  _tile_zero(1);
  _tile_zero(2);
  _tile_zero(3);
  for (std::size_t tap = 0; tap < call.conv.taps; ++tap) {
    const std::byte* rows = call.in + (static_cast<std::ptrdiff_t>(row) + call.conv.offsets[tap]) *
                                          static_cast<std::ptrdiff_t>(call.in_stride);
    for (std::size_t part = 0; part < parts; ++part) {
      multiply_step<Pair>(rows + part * 64, call.in_stride, low_bytes, weights,
                          [&](std::size_t i, std::size_t n) {
                            finish_rows<Pair>(call, before, share * (i + 1) / n - share * i / n);
                          });
      weights += kStepBytes;
    }
  }
}

template <bool Pair>
SYRINX_AMX_INLINE void convolve(const ConvCall& call) {
  alignas(64) float products[2][kSide * kSide];
  const ConvWeights& conv = call.conv;
  const std::size_t block_bytes =
      conv.taps * (conv.in_channels / kSide) * (Pair ? 4 : 2) * kTileBytes;
  const std::size_t span = kSide * (1 + kCacheBytes / (call.in_stride * kSide));
  Pending pending;
  int turn = 0;
  for (std::size_t begin = 0; begin < call.rows; begin += span) {
    const std::size_t end = begin + span < call.rows ? begin + span : call.rows;
    for (std::size_t channel = 0; channel < conv.out_channels; channel += kSide) {
      const std::byte* weights = conv.weights + channel / kSide * block_bytes;
      for (std::size_t row = begin; row < end; row += kSide) {
        multiply_block<Pair>(call, row, weights, pending);
        finish_rows<Pair>(call, pending, kSide);
        store_block(products[turn]);
        pending = {products[turn], row, end - row < kSide ? end - row : kSide, 0, channel};
        turn ^= 1;
      }
    }
  }
  finish_rows<Pair>(call, pending, kSide);
}

template <bool Pair>
SYRINX_AMX_INLINE void activate(std::byte* out, std::size_t out_stride, const float* x,
                                std::size_t x_stride, std::size_t rows, std::size_t channels,
                                float scale, float slope) {
  const __m512 scales = _mm512_set1_ps(scale);
  const __m512 slopes = _mm512_set1_ps(slope);
  for (std::size_t r = 0; r < rows; ++r) {
    const float* from = x + r * x_stride;
    for (std::size_t c = 0; c < channels; c += kSide) {
      const __m512 v0 = _mm512_mul_ps(_mm512_loadu_ps(from + c), scales);
      const __m512 v1 = _mm512_mul_ps(_mm512_loadu_ps(from + c + 16), scales);
      store_bf16<Pair>(out + r * out_stride + c * 2, channels * 2, leaky(v0, slopes),
                       leaky(v1, slopes));
    }
  }
}

}  // namespace

void conv_bf16_amx(const ConvCall& call) noexcept { convolve<false>(call); }
void conv_bf16_pair_amx(const ConvCall& call) noexcept { convolve<true>(call); }

void activate_amx(std::byte* out, std::size_t out_stride, RowFormat format, const float* x,
                  std::size_t x_stride, std::size_t rows, std::size_t channels, float scale,
                  float slope) noexcept {
  if (format == RowFormat::kBf16)
    return activate<false>(out, out_stride, x, x_stride, rows, channels, scale, slope);
  if (format == RowFormat::kBf16Pair)
    return activate<true>(out, out_stride, x, x_stride, rows, channels, scale, slope);
  row_kernels_avx512().activate(out, out_stride, format, x, x_stride, rows, channels, scale, slope);
}

void load_tiles_amx() noexcept {
  const TileConfig config;
  __asm__ volatile("" ::"r"(&config) : "memory");
  _tile_loadconfig(&config);
}

void release_tiles_amx() noexcept { _tile_release(); }

}  // namespace syrinx::nn
