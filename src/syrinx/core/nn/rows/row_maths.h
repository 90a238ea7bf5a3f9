// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "syrinx/core/nn/rows/row_kernels.h"

// What networks do to rows between their convolutions, one table of function pointers for each
// instruction set, beside RowKernels. A value depends on nothing but what it is made of: not on how
// many rows a call makes, nor where they lie. Strides count floats from row to row; `channels` is
// padded to 16 where nothing else is said.
namespace syrinx::nn {

// Rows of an activation seen from row 0 of a call. Beyond the ends of the utterance its outermost
// rows repeat.
struct EdgedRows {
  const float* rows = nullptr;  // Row 0, the one below the first that is made.
  std::size_t stride = 0;
  std::ptrdiff_t first = 0;  // The utterance's first row: -1 when it is the one before row 0.
  std::ptrdiff_t last = 0;   // Its last row, or kUnknownEnd.
};
inline constexpr std::ptrdiff_t kUnknownEnd = std::ptrdiff_t{1} << 40;

// x + sin^2(alpha x) / beta, channel by channel (Ziyin, Hartwig & Ueda 2020, "Neural networks fail
// to learn periodic functions and how to fix it"), at twice the rate: `filter` (12 taps, symmetric)
// interpolates before and decimates after, as in BigVGAN (Lee et al. 2023, 3.1).
struct SnakeWeights {
  const float* alpha = nullptr;         // Of each padded channel.
  const float* inverse_beta = nullptr;  // 1 / beta.
  const float* filter = nullptr;        // [12]
};
inline constexpr std::size_t kSnakeTaps = 12;
// A row is made of as many rows before and after it.
inline constexpr std::size_t kSnakeReach = 5;

struct RowMaths {
  // out = bias + sum over taps t of w[t] * (row t of x, counted from the row that is made), channel
  // by channel; w is [taps][channels].
  void (*depthwise)(float* out, std::size_t out_stride, const float* x, std::size_t x_stride,
                    std::size_t rows, std::size_t channels, const float* w, std::size_t taps,
                    const float* bias) noexcept;
  // out = scale * (x - mean) / sqrt(variance + epsilon) + bias over the first `channels` of each
  // row, which need not be padded; zeros up to the next multiple of 16. `out` may be `x`.
  void (*layer_norm)(float* out, std::size_t out_stride, const float* x, std::size_t x_stride,
                     std::size_t rows, std::size_t channels, const float* scale, const float* bias,
                     float epsilon) noexcept;
  // (re, im) = min(e^log_magnitude, most) (cos phase, sin phase), within 1e-6 of the magnitude for
  // phases within +-1000. Any n.
  void (*polar)(float* re, float* im, const float* log_magnitude, const float* phase, std::size_t n,
                float most) noexcept;
  // `rows` rows of the snake at twice the rate, from row 0 of x on.
  void (*snake)(float* out, std::size_t out_stride, const EdgedRows& x, std::size_t rows,
                std::size_t channels, const SnakeWeights& weights) noexcept;
};

// The table that goes with a table of row kernels: of the same instructions.
const RowMaths& row_maths_for(const RowKernels& kernels) noexcept;

}  // namespace syrinx::nn
