// SPDX-License-Identifier: Apache-2.0
#pragma once

// The vectors of a source that is compiled once per SIMD level, and what every such convolution
// does with a row that it has made. The source defines first:
//   SYRINX_VECTOR_FLOATS  floats in a register

#include "syrinx/core/nn/rows/row_kernels.h"
#include "syrinx/core/nn/rows/row_vector.h"

namespace syrinx::nn {
namespace {

constexpr std::size_t kParts = kBlock / kWidth;  // Of the output channels packed together.

SYRINX_INLINE Float leaky(Float v, Float slope) {
  const Float down = v * slope;
  return v > down ? v : down;
}

// All of the tail but `out`. Returns what that is made of.
SYRINX_INLINE Float finish_floats(const ConvTail& tail, std::size_t row, std::size_t channel,
                                  Float v) {
  if (tail.residual != nullptr)
    v += load<Float>(tail.residual + row * tail.residual_stride + channel);
  if (tail.keep != nullptr) store(tail.keep + row * tail.keep_stride + channel, v);
  if (tail.sum != nullptr) {
    float* sum = tail.sum + row * tail.sum_stride + channel;
    const Float all = tail.sum_starts ? v : load<Float>(sum) + v;
    if (tail.mean != 0.0F) return all * tail.mean;
    store(sum, all);
  }
  return v;
}

}  // namespace
}  // namespace syrinx::nn
