// SPDX-License-Identifier: Apache-2.0
#pragma once

// The one source of the gate over floats, compiled once per SIMD level; each level defines first
// SYRINX_VECTOR_FLOATS, the floats in a register.
#include "syrinx/core/dsp/simd_vector.h"

namespace syrinx::nn {
namespace {

using dsp::load;
using dsp::store;
constexpr std::size_t kWidth = SYRINX_VECTOR_FLOATS;
using Vector = dsp::VectorOf<kWidth>;
using Float = Vector::Float;
using Int = Vector::Int;
constexpr std::size_t kBlock = 16;  // Channels of a, then as many of b.

SYRINX_INLINE Float splat(float value) { return value - Float{}; }

// e^-x for x from -limit on: 2^n e^r with |r| <= ln 2 / 2, the latter by its Taylor series to
// degree 6.
SYRINX_INLINE Float exp_negative(Float x, float limit) {
  x = x < splat(-limit) ? splat(-limit) : x;
  x = x > splat(80.0F) ? splat(80.0F) : x;
  const Float magic = splat(12582912.0F);  // 1.5 * 2^23: adding it rounds to whole numbers.
  const Float shifted = x * splat(-1.44269504F) + magic;
  const Float n = shifted - magic;
  const Float r = -x - n * splat(0.693359375F) - n * splat(-2.12194440e-4F);  // ln 2, in two parts.
  Float p = splat(1.0F / 720);
  p = p * r + splat(1.0F / 120);
  p = p * r + splat(1.0F / 24);
  p = p * r + splat(1.0F / 6);
  p = p * r + splat(0.5F);
  p = p * r + splat(1.0F);
  p = p * r + splat(1.0F);
  return (Float)((Int)p + (((Int)shifted - 0x4b400000) << 23));
}

// tanh(a) sigmoid(b) = (1 - e^-2a) / ((1 + e^-2a) (1 + e^-b)), the powers kept within float.
SYRINX_INLINE Float gate_of(Float a, Float b) {
  const Float u = exp_negative(a + a, 40.0F);
  const Float v = exp_negative(b, 40.0F);
  const Float one = splat(1.0F);
  return (one - u) / ((one + u) * (one + v));
}

SYRINX_INLINE void gate_rows(float* out, std::size_t out_stride, const float* x,
                             std::size_t x_stride, std::size_t rows, std::size_t channels) {
  for (std::size_t r = 0; r < rows; ++r)
    for (std::size_t c = 0; c < channels; c += kBlock)
      for (std::size_t i = 0; i < kBlock; i += kWidth) {
        const float* from = x + r * x_stride + 2 * c + i;
        store(out + r * out_stride + c + i, gate_of(load<Float>(from), load<Float>(from + kBlock)));
      }
}

}  // namespace
}  // namespace syrinx::nn
