// SPDX-License-Identifier: Apache-2.0
#pragma once

// The exact GELU (Hendrycks & Gimpel 2016), x Phi(x), of a register of floats; each level defines
// first SYRINX_VECTOR_FLOATS, the floats in a register.
#include "syrinx/core/nn/rows/row_vector.h"

namespace syrinx::nn {
namespace {

// 1 / x for x from 1 to 1e30, within 2e-7: a guess from the bits, then Newton's method. Division
// would take longer than all else of the function.
SYRINX_INLINE Float inverse_of(Float x) {
  Float y = (Float)(0x7ef311c3 - (Int)x);
  y = y * (splat(2.0F) - x * y);
  y = y * (splat(2.0F) - x * y);
  return y * (splat(2.0F) - x * y);
}

// Phi(-|x|) = e^(-x^2 / 2) t P(t) / 2 with t = 1 / (1 + 0.3 |x|); P interpolates at Chebyshev
// points for |x| up to 13.2, within 5e-9 relative.
SYRINX_INLINE Float gelu_of(Float x) {
  const Float a = magnitude(x);
  const Float t = inverse_of(splat(1.0F) + splat(0.3F) * a);
  Float p = splat(-0.04163034955529545F);
  p = p * t + splat(0.22701972961660763F);
  p = p * t + splat(-0.4616302563402585F);
  p = p * t + splat(0.390696150146577F);
  p = p * t + splat(-0.164913886283808F);
  p = p * t + splat(0.19563117831880994F);
  p = p * t + splat(0.15561781533251579F);
  p = p * t + splat(0.22072111398056368F);
  p = p * t + splat(0.23911359540070926F);
  p = p * t + splat(0.2393749059814546F);
  const Float tail = x * (splat(0.5F) * t * p * power_of_e(splat(-0.5F) * a * a));
  return choose(x > Float{}, x - tail, tail);
}

}  // namespace
}  // namespace syrinx::nn
