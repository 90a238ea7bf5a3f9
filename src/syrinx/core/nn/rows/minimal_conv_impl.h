// SPDX-License-Identifier: Apache-2.0
#pragma once

// Convolutions by minimal filtering (Winograd, Arithmetic Complexity of Computations, 1980, and
// Lavin & Gray, Fast Algorithms for Convolutional Neural Networks, 2015), compiled once per SIMD
// level with row_kernels_impl.h. Two rows of output, `dilation` apart, are one *position*. What
// they read is combined into one row for each of four or five *points* (0, 1, -1, infinity and 2),
// a product with the weights of that point is summed over taps and channels, and the two rows are
// sums of those: four products where three taps need six, five where four need eight.
//
// Of the five input rows x0 to x4 the first row of output takes no more than x0 to x3, the second
// no more than x1 to x4, as in the convolution itself: nothing of a row depends on what comes after
// its own input.

namespace syrinx::nn {
namespace {

// Positions are counted from the first of the block of 2 * dilation rows that `place` is in.
struct MinimalSpan {
  std::size_t first = 0;
  std::size_t count = 0;   // Positions of output.
  std::size_t inputs = 0;  // Positions that those read, one after the other.
};

// The first of a position's two rows, from the call's first row: negative where it comes before.
SYRINX_INLINE std::ptrdiff_t first_row_of(const MinimalCall& call, std::size_t position) {
  const std::size_t d = call.dilation;
  return static_cast<std::ptrdiff_t>(position / d * 2 * d + position % d) -
         static_cast<std::ptrdiff_t>(call.place);
}

template <std::size_t Points>
SYRINX_INLINE void combine_rows(const float* const* x, float* to, std::size_t point_floats,
                                std::size_t channels) {
  for (std::size_t c = 0; c < channels; c += kWidth, to += kWidth) {
    const Float x1 = load<Float>(x[1] + c);
    const Float x2 = load<Float>(x[2] + c);
    const Float x3 = load<Float>(x[3] + c);
    if constexpr (Points == 4) {
      store(to, load<Float>(x[0] + c) - x2);
      store(to + point_floats, x1 + x2);
      store(to + 2 * point_floats, x2 - x1);
      store(to + 3 * point_floats, x3 - x1);
    } else {
      const Float two = splat(2.0F);
      store(to, two * (load<Float>(x[0] + c) - x2) + (x3 - x1));
      store(to + point_floats, (x3 - x2) - two * x1);
      store(to + 2 * point_floats, two * x1 + x3 - splat(3.0F) * x2);
      store(to + 3 * point_floats, two * (x1 - x3) + (load<Float>(x[4] + c) - x2));
      store(to + 4 * point_floats, x3 - x1);
    }
  }
}

// The rows of all points. Rows outside those that the call's own rows read, which only rows that
// are not wanted read, are taken from its edge.
template <std::size_t Points>
void combine_span(const MinimalCall& call, const MinimalSpan& span, float* to) {
  const ConvCall& conv = call.conv;
  const std::ptrdiff_t lowest = conv.conv.offsets[0];
  const std::ptrdiff_t highest =
      static_cast<std::ptrdiff_t>(conv.rows) - 1 + conv.conv.offsets[conv.conv.taps - 1];
  const std::size_t channels = conv.conv.in_channels;
  for (std::size_t i = 0; i < span.inputs; ++i) {
    const float* x[5];
    std::ptrdiff_t row = first_row_of(call, span.first + i) + lowest;
    for (std::size_t k = 0; k < 5; ++k, row += static_cast<std::ptrdiff_t>(call.dilation)) {
      const std::ptrdiff_t within = row < lowest ? lowest : row > highest ? highest : row;
      x[k] = reinterpret_cast<const float*>(conv.in +
                                            within * static_cast<std::ptrdiff_t>(conv.in_stride));
    }
    combine_rows<Points>(x, to + i * channels, span.inputs * channels, channels);
  }
}

// One point's products of `Rows` positions by `Blocks` blocks of 16 channels, over the groups of
// taps from `group` on.
template <std::size_t Rows, std::size_t Blocks>
SYRINX_INLINE void minimal_tile(const MinimalCall& call, const float* in, std::size_t group,
                                const float* weights, std::size_t block_floats, float* to) {
  constexpr std::size_t kVectors = Blocks * kParts;
  const std::size_t channels = call.conv.conv.in_channels;
  Float sums[Rows][kVectors] = {};
  weights += group * channels * kBlock;
  for (; group < call.groups; ++group) {
    const float* rows = in + group * 2 * call.dilation * channels;
    for (std::size_t i = 0; i < channels; ++i) {
      Float w[kVectors];
      for (std::size_t b = 0; b < Blocks; ++b)
        for (std::size_t p = 0; p < kParts; ++p)
          w[b * kParts + p] = load<Float>(weights + b * block_floats + p * kWidth);
      for (std::size_t r = 0; r < Rows; ++r) {
        const float x = rows[r * channels];
        for (std::size_t v = 0; v < kVectors; ++v) sums[r][v] += splat(x) * w[v];
      }
      ++rows;
      weights += kBlock;
    }
  }
  for (std::size_t r = 0; r < Rows; ++r)
    for (std::size_t v = 0; v < kVectors; ++v) store(to + (r * kVectors + v) * kWidth, sums[r][v]);
}

// The rows of output of a span's positions: those of them that the call is to make.
template <std::size_t Points, std::size_t Blocks>
void finish_span(const MinimalCall& call, const MinimalSpan& span, const float* products,
                 std::size_t point_floats, std::size_t block) {
  const ConvTail& tail = call.conv.tail;
  const auto end = static_cast<std::ptrdiff_t>(call.conv.rows);
  const float* m = products;
  for (std::size_t i = 0; i < span.count; ++i) {
    const std::ptrdiff_t first = first_row_of(call, span.first + i);
    const std::ptrdiff_t second = first + static_cast<std::ptrdiff_t>(call.dilation);
    for (std::size_t v = 0; v < Blocks * kParts; ++v, m += kWidth) {
      const std::size_t channel = block * kBlock + v * kWidth;
      const Float bias = load<Float>(call.conv.conv.bias + channel);
      const Float plus = load<Float>(m + point_floats);
      const Float minus = load<Float>(m + 2 * point_floats);
      Float a = load<Float>(m) + (plus + minus);
      Float b = load<Float>(m + 3 * point_floats) + (plus - minus);
      if constexpr (Points == 5) {
        const Float twice = load<Float>(m + 4 * point_floats);
        a += twice;
        b += splat(2.0F) * twice;
      }
      if (first >= 0 && first < end)
        finish_row(tail, static_cast<std::size_t>(first), channel, a + bias);
      if (second >= 0 && second < end)
        finish_row(tail, static_cast<std::size_t>(second), channel, b + bias);
    }
  }
}

template <std::size_t Points, std::size_t Blocks>
SYRINX_INLINE void minimal_blocks(const MinimalCall& call, const MinimalSpan& span, float* products,
                                  std::size_t block) {
  constexpr std::size_t kRows = SYRINX_ROWS_A_TIME;
  const ConvWeights& conv = call.conv.conv;
  const std::size_t weight_floats = call.groups * conv.in_channels * kBlock;  // Of a point.
  const std::size_t block_floats = Points * weight_floats;
  const std::size_t product_floats = (call.span + kMinimalSlack) * Blocks * kBlock;
  const float* weights = reinterpret_cast<const float*>(conv.weights) + block * block_floats;
  for (std::size_t p = 0; p < Points; ++p) {
    const float* in = call.scratch + p * span.inputs * conv.in_channels;
    // Before the first tap there may be one of zeros, all that point 0 has of its group.
    const std::size_t group = p == 0 && call.starts_with_zero ? 1 : 0;
    for (std::size_t i = 0; i < span.count; i += kRows)
      minimal_tile<kRows, Blocks>(call, in + i * conv.in_channels, group,
                                  weights + p * weight_floats, block_floats,
                                  products + p * product_floats + i * Blocks * kBlock);
  }
  finish_span<Points, Blocks>(call, span, products, product_floats, block);
}

template <std::size_t Points>
void minimal_span(const MinimalCall& call, const MinimalSpan& span) {
  constexpr std::size_t kBlocks = SYRINX_BLOCKS_A_TIME;
  const ConvWeights& conv = call.conv.conv;
  combine_span<Points>(call, span, call.scratch);
  float* products =
      call.scratch + Points * span.inputs * conv.in_channels + kMinimalSlack * conv.in_channels;
  const std::size_t blocks = conv.out_channels / kBlock;
  std::size_t block = 0;
  for (; block + kBlocks <= blocks; block += kBlocks)
    minimal_blocks<Points, kBlocks>(call, span, products, block);
  for (; block < blocks; ++block) minimal_blocks<Points, 1>(call, span, products, block);
}

void conv_minimal(const MinimalCall& call) noexcept {
  const std::size_t d = call.dilation;
  const std::size_t last = call.place + call.conv.rows - 1;
  const std::size_t of_last = last % (2 * d);
  const std::size_t end = last / (2 * d) * d + (of_last < d ? of_last + 1 : d);
  MinimalSpan span;
  for (span.first = call.place > d ? call.place - d : 0; span.first < end;
       span.first += span.count) {
    const std::size_t left = end - span.first;
    span.count = left < call.span ? left : call.span;
    span.inputs = span.count + (call.groups - 1) * 2 * d;
    call.points == 4 ? minimal_span<4>(call, span) : minimal_span<5>(call, span);
  }
}

}  // namespace
}  // namespace syrinx::nn
