// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "syrinx/core/nn/rows/row_kernels.h"

// The gated activation of WaveNet (van den Oord et al. 2016, equation 2): tanh(a) * sigmoid(b). The
// convolutions that feed it have their output channels laid out so that the 16 values of a that
// follow one another stand before the 16 of b that belong to them: a0..a15 b0..b15 a16..a31 ...
namespace syrinx::nn {

// What the weights and biases of a's channels and of b's are multiplied by for the kernels that
// convolve and gate at once: so that the products are binary logarithms of e^-2a and e^-b.
inline constexpr float kGateScaleA = -2.88539008F;
inline constexpr float kGateScaleB = -1.44269504F;

// Two convolutions added up and gated: one over rows of its own, one over rows of conditioning.
struct GatedCall {
  ConvWeights conv;
  const std::byte* in = nullptr;
  std::size_t in_stride = 0;  // Bytes.
  ConvWeights side;           // Its bias is not used.
  const std::byte* side_in = nullptr;
  std::size_t side_stride = 0;
  std::size_t rows = 0;
  std::byte* out = nullptr;  // Half as many channels as the convolutions make, in their format.
  std::size_t out_stride = 0;
};

// A convolution of one tap, at offset 0, added up row by row over several layers.
struct SumCall {
  ConvWeights conv;
  const std::byte* in = nullptr;
  std::size_t in_stride = 0;  // Bytes.
  std::size_t rows = 0;
  float* sum = nullptr;
  std::size_t sum_stride = 0;  // Floats.
  bool starts = false;         // sum = bias + product instead of sum += product, without the bias.
};

// Raw pointers, for the reason that row_kernels.h gives.
struct GateKernels {
  // out = tanh(a) * sigmoid(b), `channels` (a multiple of 16) floats a row, from rows of twice as
  // many in the layout above. Within 3e-7.
  void (*gate)(float* out, std::size_t out_stride, const float* x, std::size_t x_stride,
               std::size_t rows, std::size_t channels) noexcept;
  // All in one pass, rows of bfloat16 or pairs of it. Null where the level multiplies none.
  void (*gated_bf16)(const GatedCall& call) noexcept;
  void (*gated_bf16_pair)(const GatedCall& call) noexcept;
  // The sum is where the products are added up. Null as above.
  void (*add_bf16)(const SumCall& call) noexcept;
  void (*add_bf16_pair)(const SumCall& call) noexcept;
};

// The table that goes with a table of convolutions.
const GateKernels& gate_kernels_for(const RowKernels& kernels) noexcept;

}  // namespace syrinx::nn
