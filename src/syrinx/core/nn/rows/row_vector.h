// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the sources that are compiled once per SIMD level compute with: registers of floats and the
// functions of a register that several of them need. Each level defines first
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
constexpr std::size_t kBlock = 16;  // What channels are padded to.

// Minus zero, not plus: x - 0 is x for every x, -0 too, and costs nothing.
SYRINX_INLINE Float splat(float value) { return value - Float{}; }
SYRINX_INLINE Float choose(Int mask, Float yes, Float no) {
  return (Float)(((Int)yes & mask) | ((Int)no & ~mask));
}
SYRINX_INLINE Float magnitude(Float x) { return (Float)((Int)x & 0x7fffffff); }

// A whole number near x, |x| < 2^22, as a float and (in `bits`, from its lowest) as an integer.
struct Whole {
  Float value;
  Int bits;
};
SYRINX_INLINE Whole nearest(Float x) {
  const Float magic = splat(12582912.0F);  // 1.5 * 2^23: adding it rounds to whole numbers.
  const Float shifted = x + magic;
  return {shifted - magic, (Int)shifted - 0x4b400000};
}

// e^x within 2 ulp: 2^n e^r with |r| <= ln 2 / 2, the latter by its Taylor series to degree 7.
SYRINX_INLINE Float power_of_e(Float x) {
  x = x > splat(88.0F) ? splat(88.0F) : x;
  x = x < splat(-87.0F) ? splat(-87.0F) : x;
  const Whole n = nearest(x * splat(1.44269504F));
  const Float r = x - n.value * splat(0.693359375F) - n.value * splat(-2.12194440e-4F);
  Float p = splat(1.0F / 5040);
  p = p * r + splat(1.0F / 720);
  p = p * r + splat(1.0F / 120);
  p = p * r + splat(1.0F / 24);
  p = p * r + splat(1.0F / 6);
  p = p * r + splat(0.5F);
  p = p * r + splat(1.0F);
  p = p * r + splat(1.0F);
  return (Float)((Int)p + (n.bits << 23));
}

SYRINX_INLINE float sum_of(Float v) {
  float lanes[kWidth];
  store(lanes, v);
  for (std::size_t half = kWidth / 2; half > 0; half /= 2)
    for (std::size_t i = 0; i < half; ++i) lanes[i] += lanes[i + half];
  return lanes[0];
}

}  // namespace
}  // namespace syrinx::nn
