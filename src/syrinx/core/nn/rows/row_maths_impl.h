// SPDX-License-Identifier: Apache-2.0
#pragma once

// The one source of RowMaths, compiled once per SIMD level; each level defines first
// SYRINX_VECTOR_FLOATS, the floats in a register.
#include "syrinx/core/nn/rows/row_maths.h"
#include "syrinx/core/nn/rows/row_vector.h"

namespace syrinx::nn {
namespace {

// sin r for |r| <= pi / 2, by its Taylor series to degree 13.
SYRINX_INLINE Float sine_near_zero(Float r) {
  const Float s = r * r;
  Float p = splat(1.0F / 6227020800.0F);
  p = p * s + splat(-1.0F / 39916800.0F);
  p = p * s + splat(1.0F / 362880.0F);
  p = p * s + splat(-1.0F / 5040.0F);
  p = p * s + splat(1.0F / 120.0F);
  p = p * s + splat(-1.0F / 6.0F);
  return r + r * s * p;
}

// x - n pi, pi in three parts of which n times the first two are exact for |n| < 2^10.
SYRINX_INLINE Float less_half_turns(Float x, Float n) {
  return x - n * splat(3.140625F) - n * splat(9.670257568359375e-4F) - n * splat(6.2783296e-7F);
}

// sin and cos come from the same reduction: sin(x) = (-1)^n sin(r), and cos(x) = sin(x + pi / 2).
SYRINX_INLINE Float sine(Float x) {
  const Whole n = nearest(x * splat(0.318309886F));
  const Float value = sine_near_zero(less_half_turns(x, n.value));
  return (Float)((Int)value ^ (n.bits << 31));
}
SYRINX_INLINE Float cosine(Float x) {
  const Whole n = nearest(x * splat(0.318309886F) - splat(0.5F));
  const Float r = less_half_turns(x, n.value) - splat(1.57079637F) + splat(4.37113900e-8F);
  const Float value = sine_near_zero(r);
  return (Float)((Int)value ^ (~n.bits << 31));
}

// --- Depthwise convolution and norm -------------------------------------------------------------

void depthwise(float* out, std::size_t out_stride, const float* x, std::size_t x_stride,
               std::size_t rows, std::size_t channels, const float* w, std::size_t taps,
               const float* bias) noexcept {
  for (std::size_t c = 0; c < channels; c += kWidth)
    for (std::size_t r = 0; r < rows; ++r) {
      const float* from = x + r * x_stride + c;
      Float sum = load<Float>(bias + c);
      for (std::size_t t = 0; t < taps; ++t)
        sum += load<Float>(from + t * x_stride) * load<Float>(w + t * channels + c);
      store(out + r * out_stride + c, sum);
    }
}

void layer_norm(float* out, std::size_t out_stride, const float* x, std::size_t x_stride,
                std::size_t rows, std::size_t channels, const float* scale, const float* bias,
                float epsilon) noexcept {
  const std::size_t whole = channels / kWidth * kWidth;
  const float share = 1.0F / static_cast<float>(channels);
  for (std::size_t r = 0; r < rows; ++r) {
    const float* from = x + r * x_stride;
    float* to = out + r * out_stride;
    Float sums{};
    for (std::size_t c = 0; c < whole; c += kWidth) sums += load<Float>(from + c);
    float sum = sum_of(sums);
    for (std::size_t c = whole; c < channels; ++c) sum += from[c];
    const float mean = sum * share;
    Float squares{};
    for (std::size_t c = 0; c < whole; c += kWidth) {
      const Float d = load<Float>(from + c) - splat(mean);
      squares += d * d;
    }
    float square = sum_of(squares);
    for (std::size_t c = whole; c < channels; ++c) square += (from[c] - mean) * (from[c] - mean);
    const float factor = 1.0F / __builtin_sqrtf(square * share + epsilon);
    for (std::size_t c = 0; c < whole; c += kWidth) {
      const Float d = (load<Float>(from + c) - splat(mean)) * splat(factor);
      store(to + c, d * load<Float>(scale + c) + load<Float>(bias + c));
    }
    for (std::size_t c = whole; c < channels; ++c)
      to[c] = (from[c] - mean) * factor * scale[c] + bias[c];
    for (std::size_t c = channels; c % kBlock != 0; ++c) to[c] = 0.0F;
  }
}

// --- Activations --------------------------------------------------------------------------------

SYRINX_INLINE void polar_of(float* re, float* im, const float* log_magnitude, const float* phase,
                            float most) {
  Float m = power_of_e(load<Float>(log_magnitude));
  m = m > splat(most) ? splat(most) : m;
  const Float angle = load<Float>(phase);
  store(re, m * cosine(angle));
  store(im, m * sine(angle));
}

void polar(float* re, float* im, const float* log_magnitude, const float* phase, std::size_t n,
           float most) noexcept {
  std::size_t i = 0;
  for (; i + kWidth <= n; i += kWidth) polar_of(re + i, im + i, log_magnitude + i, phase + i, most);
  if (i == n) return;
  float in[2][kWidth] = {};
  float out[2][kWidth];
  const std::size_t bytes = (n - i) * sizeof(float);
  __builtin_memcpy(in[0], log_magnitude + i, bytes);
  __builtin_memcpy(in[1], phase + i, bytes);
  polar_of(out[0], out[1], in[0], in[1], most);
  __builtin_memcpy(re + i, out[0], bytes);
  __builtin_memcpy(im + i, out[1], bytes);
}

// --- The snake at twice the rate ----------------------------------------------------------------

SYRINX_INLINE Float snake_of(Float x, Float alpha, Float inverse_beta) {
  const Float angle = alpha * x;
  const Float s =
      sine_near_zero(less_half_turns(angle, nearest(angle * splat(0.318309886F)).value));
  return x + inverse_beta * (s * s);
}

SYRINX_INLINE std::ptrdiff_t within(std::ptrdiff_t i, std::ptrdiff_t low, std::ptrdiff_t high) {
  return i < low ? low : i > high ? high : i;
}

constexpr std::ptrdiff_t kSnakeRows = 64;  // Made at a time, their doubled rows in the first cache.

// One register of channels of rows [begin, begin + rows). Interpolated row 2m + odd is the sum over
// i of 2 f[2m + odd + 5 - 2i] x[i]; decimated row m that over k of f[k] s[2m + k - 5]. Both repeat
// their own outermost rows.
template <bool AtEdge>
SYRINX_INLINE void snake_stretch(float* out, std::size_t out_stride, const EdgedRows& x,
                                 std::ptrdiff_t begin, std::ptrdiff_t rows, std::size_t channel,
                                 const SnakeWeights& w) {
  constexpr std::ptrdiff_t kHalf = 3;
  Float doubled[2 * (kSnakeRows + 2 * kHalf)];
  const Float alpha = load<Float>(w.alpha + channel);
  const Float inverse_beta = load<Float>(w.inverse_beta + channel);
  const auto stride = static_cast<std::ptrdiff_t>(x.stride);
  const float* from = x.rows + channel;
  const auto row = [&](std::ptrdiff_t i) {
    return load<Float>(from + (AtEdge ? within(i, x.first, x.last) : i) * stride);
  };
  for (std::ptrdiff_t m = 0; m < rows + 2 * kHalf; ++m) {
    const std::ptrdiff_t at = begin - kHalf + m;
    Float even{};
    Float odd{};
    for (std::ptrdiff_t k = 0; k < kHalf * 2; ++k) {
      even += row(at + 2 - k) * splat(2 * w.filter[2 * k + 1]);
      odd += row(at + 3 - k) * splat(2 * w.filter[2 * k]);
    }
    doubled[2 * m] = snake_of(even, alpha, inverse_beta);
    doubled[2 * m + 1] = snake_of(odd, alpha, inverse_beta);
  }
  // Of the doubled rows the utterance's are from `low` to `high`.
  const std::ptrdiff_t low = 2 * (x.first - begin + kHalf);
  const std::ptrdiff_t high = 2 * (x.last - begin + kHalf) + 1;
  for (std::ptrdiff_t m = 0; m < rows; ++m) {
    Float sum{};
    for (std::ptrdiff_t k = 0; k < static_cast<std::ptrdiff_t>(kSnakeTaps); ++k) {
      const std::ptrdiff_t at = 2 * m + k + 1;
      sum += doubled[AtEdge ? within(at, low, high) : at] * splat(w.filter[k]);
    }
    store(out + static_cast<std::size_t>(begin + m) * out_stride + channel, sum);
  }
}

void snake(float* out, std::size_t out_stride, const EdgedRows& x, std::size_t rows,
           std::size_t channels, const SnakeWeights& weights) noexcept {
  constexpr std::ptrdiff_t kReach = 6;  // Of a stretch, past either end.
  const auto count = static_cast<std::ptrdiff_t>(rows);
  for (std::ptrdiff_t begin = 0; begin < count; begin += kSnakeRows) {
    const std::ptrdiff_t end = count - begin < kSnakeRows ? count : begin + kSnakeRows;
    const bool at_edge = begin - kReach < x.first || end + kReach > x.last;
    for (std::size_t c = 0; c < channels; c += kWidth) {
      if (at_edge) {
        snake_stretch<true>(out, out_stride, x, begin, end - begin, c, weights);
      } else {
        snake_stretch<false>(out, out_stride, x, begin, end - begin, c, weights);
      }
    }
  }
}

constexpr RowMaths make_row_maths() { return {depthwise, layer_norm, polar, snake}; }

}  // namespace
}  // namespace syrinx::nn
