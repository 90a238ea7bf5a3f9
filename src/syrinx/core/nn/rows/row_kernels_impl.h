// SPDX-License-Identifier: Apache-2.0
#pragma once

// The one source of the float kernels, compiled once per SIMD level by row_kernels_generic.cc and
// its siblings, each of which defines first:
//   SYRINX_VECTOR_FLOATS  floats in a register
//   SYRINX_ROWS_A_TIME    rows of output held in registers
//   SYRINX_BLOCKS_A_TIME  blocks of 16 output channels held in registers

#include "syrinx/core/nn/rows/gelu_impl.h"
#include "syrinx/core/nn/rows/row_tail_impl.h"

namespace syrinx::nn {
namespace {

SYRINX_INLINE void finish_row(const ConvTail& tail, std::size_t row, std::size_t channel, Float v) {
  v = finish_floats(tail, row, channel, v);
  if (tail.out != nullptr) {
    float* out = reinterpret_cast<float*>(tail.out + row * tail.out_stride) + channel;
    store(out, tail.gelu ? v : leaky(v, splat(tail.slope)));
  }
}

void gelu_rows(const ConvTail& tail, std::size_t row, std::size_t rows, std::size_t channel,
               std::size_t channels) noexcept {
  for (std::size_t r = row; r < row + rows; ++r) {
    float* out = reinterpret_cast<float*>(tail.out + r * tail.out_stride) + channel;
    for (std::size_t c = 0; c < channels; c += kWidth)
      store(out + c, gelu_of(load<Float>(out + c)));
  }
}

// How many taps from `tap` on read rows that lie side by side: those are one long row, and one loop
// whose end the processor need not foresee at every tap.
SYRINX_INLINE std::size_t adjoining_taps(const ConvCall& call, std::size_t tap) {
  const ConvWeights& conv = call.conv;
  std::size_t run = 1;
  if (call.in_stride == conv.in_channels * sizeof(float))
    while (tap + run < conv.taps && conv.offsets[tap + run] == conv.offsets[tap + run - 1] + 1)
      ++run;
  return run;
}

// `Rows` rows by `Blocks` blocks of 16 channels in registers, over all taps and input channels.
// Rows past `valid` are computed and dropped.
template <std::size_t Rows, std::size_t Blocks>
SYRINX_INLINE void conv_tile(const ConvCall& call, std::size_t row, std::size_t valid,
                             std::size_t block) {
  constexpr std::size_t kVectors = Blocks * kParts;
  const ConvWeights& conv = call.conv;
  const std::size_t block_floats = conv.taps * conv.in_channels * kBlock;
  const float* weights = reinterpret_cast<const float*>(conv.weights) + block * block_floats;
  Float sums[Rows][kVectors];
  for (std::size_t v = 0; v < kVectors; ++v) {
    const Float bias = load<Float>(conv.bias + block * kBlock + v * kWidth);
    for (std::size_t r = 0; r < Rows; ++r) sums[r][v] = bias;
  }
  const std::size_t stride = call.in_stride;
  for (std::size_t tap = 0, run = 1; tap < conv.taps; tap += run) {
    run = adjoining_taps(call, tap);
    const std::byte* rows = call.in + (static_cast<std::ptrdiff_t>(row) + conv.offsets[tap]) *
                                          static_cast<std::ptrdiff_t>(stride);
    for (std::size_t i = 0; i < run * conv.in_channels; ++i) {
      Float w[kVectors];
      for (std::size_t b = 0; b < Blocks; ++b)
        for (std::size_t p = 0; p < kParts; ++p)
          w[b * kParts + p] = load<Float>(weights + b * block_floats + p * kWidth);
      for (std::size_t r = 0; r < Rows; ++r) {
        float x;
        __builtin_memcpy(&x, rows + r * stride, sizeof x);
        for (std::size_t v = 0; v < kVectors; ++v) sums[r][v] += splat(x) * w[v];
      }
      rows += sizeof(float);
      weights += kBlock;
    }
  }
  for (std::size_t r = 0; r < Rows; ++r) {
    if (r == valid) break;
    for (std::size_t v = 0; v < kVectors; ++v)
      finish_row(call.tail, row + r, block * kBlock + v * kWidth, sums[r][v]);
  }
  if (call.tail.gelu)
    gelu_rows(call.tail, row, valid < Rows ? valid : Rows, block * kBlock, Blocks * kBlock);
}

void conv_float(const ConvCall& call) noexcept {
  constexpr std::size_t kRows = SYRINX_ROWS_A_TIME;
  constexpr std::size_t kBlocks = SYRINX_BLOCKS_A_TIME;
  const std::size_t blocks = call.conv.out_channels / kBlock;
  // Rows that stay in the first-level cache while every block of channels passes over them.
  const std::size_t row_bytes = call.conv.in_channels * sizeof(float);
  std::size_t span = kRows * (1 + std::size_t{24} * 1024 / (row_bytes * kRows));
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

void activate(std::byte* out, std::size_t out_stride, RowFormat, const float* x,
              std::size_t x_stride, std::size_t rows, std::size_t channels, float scale,
              float slope) noexcept {
  for (std::size_t r = 0; r < rows; ++r) {
    float* to = reinterpret_cast<float*>(out + r * out_stride);
    const float* from = x + r * x_stride;
    for (std::size_t c = 0; c < channels; c += kWidth)
      store(to + c, leaky(load<Float>(from + c) * splat(scale), splat(slope)));
  }
}

using Four = dsp::VectorOf<4>::Float;
constexpr std::size_t kOutputs = 4;  // Of a sliding convolution, made side by side.

// 16 lanes become 4: each half is added to the other, twice, in one order at every level.
SYRINX_INLINE Four sum_to_four(const Float* parts) {
#if SYRINX_VECTOR_FLOATS == 16
  const auto eight = __builtin_shufflevector(parts[0], parts[0], 0, 1, 2, 3, 4, 5, 6, 7) +
                     __builtin_shufflevector(parts[0], parts[0], 8, 9, 10, 11, 12, 13, 14, 15);
#elif SYRINX_VECTOR_FLOATS == 8
  const Float eight = parts[0] + parts[1];
#endif
#if SYRINX_VECTOR_FLOATS == 4
  return (parts[0] + parts[2]) + (parts[1] + parts[3]);
#else
  return __builtin_shufflevector(eight, eight, 0, 1, 2, 3) +
         __builtin_shufflevector(eight, eight, 4, 5, 6, 7);
#endif
}

// The sums of four times four lanes, halves again.
SYRINX_INLINE Four sum_each(const Four* v) {
  const Four a = __builtin_shufflevector(v[0], v[1], 0, 1, 4, 5) +
                 __builtin_shufflevector(v[0], v[1], 2, 3, 6, 7);
  const Four b = __builtin_shufflevector(v[2], v[3], 0, 1, 4, 5) +
                 __builtin_shufflevector(v[2], v[3], 2, 3, 6, 7);
  return dsp::VectorOf<4>::evens(a, b) + dsp::VectorOf<4>::odds(a, b);
}

// As many outputs at a time as registers hold, by the same weights.
template <std::size_t Outputs>
SYRINX_INLINE void slide_over(Four* y, const float* const* x, const float* w, std::size_t length) {
  Float parts[Outputs][kParts] = {};
  for (std::size_t j = 0; j < length; j += kBlock)
    for (std::size_t p = 0; p < kParts; ++p) {
      const std::size_t at = j + p * kWidth;
      const Float weights = load<Float>(w + at);
      for (std::size_t o = 0; o < Outputs; ++o) parts[o][p] += load<Float>(x[o] + at) * weights;
    }
  for (std::size_t o = 0; o < Outputs; ++o) y[o] = sum_to_four(parts[o]);
}

void slide(float* y, std::size_t n, const float* x, std::size_t step, const float* w,
           std::size_t length, float bias) noexcept {
  constexpr std::size_t kAtOnce = kParts > 2 ? 1 : kOutputs;
  for (std::size_t i = 0; i < n; i += kOutputs) {
    const std::size_t left = n - i < kOutputs ? n - i : kOutputs;
    const float* from[kOutputs];  // Past the last output the last one again.
    for (std::size_t o = 0; o < kOutputs; ++o) from[o] = x + (i + (o < left ? o : left - 1)) * step;
    Four sums[kOutputs];
    for (std::size_t o = 0; o < kOutputs; o += kAtOnce)
      slide_over<kAtOnce>(sums + o, from + o, w, length);
    const Four made = sum_each(sums) + (bias - Four{});
    __builtin_memcpy(y + i, &made, left * sizeof(float));
  }
}

// 1 - 2 / (e^2x + 1); a NaN stays one.
SYRINX_INLINE Float tanh_of(Float x) {
  Float twice = x + x;
  twice = twice > splat(20.0F) ? splat(20.0F) : twice;
  twice = twice < splat(-20.0F) ? splat(-20.0F) : twice;
  return splat(1.0F) - splat(2.0F) / (power_of_e(twice) + splat(1.0F));
}

void tanh_rows(float* x, std::size_t n) noexcept {
  std::size_t i = 0;
  for (; i + kWidth <= n; i += kWidth) store(x + i, tanh_of(load<Float>(x + i)));
  if (i == n) return;
  float rest[kWidth] = {};
  __builtin_memcpy(rest, x + i, (n - i) * sizeof(float));
  store(rest, tanh_of(load<Float>(rest)));
  __builtin_memcpy(x + i, rest, (n - i) * sizeof(float));
}

}  // namespace
}  // namespace syrinx::nn

#include "syrinx/core/nn/rows/minimal_conv_impl.h"

namespace syrinx::nn {
namespace {

constexpr RowKernels make_row_kernels(RowLevel level) {
  return {level, kBlock, conv_float, nullptr, nullptr, conv_minimal, activate, slide, tanh_rows};
}

}  // namespace
}  // namespace syrinx::nn
