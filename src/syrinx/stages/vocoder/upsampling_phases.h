// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "syrinx/core/nn/rows/packed_conv.h"
#include "syrinx/core/nn/rows/row_kernels.h"

namespace syrinx::vocoder {

// PyTorch's ConvTranspose1d: row u of the output is the sum over taps k of row
// (u + padding - k) / rate of the input, where that is whole.
struct TransposedConv {
  std::size_t in_channels = 0;
  std::size_t out_channels = 0;
  std::size_t kernel = 0;
  std::int64_t rate = 1;
  std::int64_t padding = 0;
  std::span<const float> weights;  // [in][out][kernel]
  std::span<const float> bias;     // [out]
};

// The same as a plain convolution for each of `rate` phases: row q * rate + p of the output is
// phase p at row q.
struct UpsamplingPhases {
  std::vector<nn::PackedConv> phases;
  std::int64_t behind = 0;  // Rows that the phases read before and after q.
  std::int64_t ahead = 0;
};
UpsamplingPhases upsampling_phases(const TransposedConv& conv, const nn::RowKernels& kernels,
                                   nn::RowFormat format);

}  // namespace syrinx::vocoder
