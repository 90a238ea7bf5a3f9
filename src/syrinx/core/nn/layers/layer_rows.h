// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>

#include "syrinx/core/nn/rows/row_kernels.h"

// The layers of networks that work on sequences as a whole: attention, recurrence, norms. All take
// rows of float (time x channel) and make rows of float; none allocates or locks in run(), each
// says how much scratch memory it works in, on a 64-byte boundary, as nn::ScratchBytes has it. What
// a call leaves there nobody reads. The layers are immutable: any thread may run one, each with its
// own scratch. Where a layer multiplies, the thread holds a TileScope.
namespace syrinx::nn {

// Rows to read. Channels are padded as padded_channels() says; what stands in the padding is
// finite.
struct ConstRows {
  const float* data = nullptr;
  std::size_t count = 0;
  std::size_t stride = 0;  // Floats from row to row.

  const float* row(std::size_t index) const noexcept { return data + index * stride; }
};

// Rows to write. Layers write the padding too: zeros.
struct Rows {
  float* data = nullptr;
  std::size_t count = 0;
  std::size_t stride = 0;

  float* row(std::size_t index) const noexcept { return data + index * stride; }
  operator ConstRows() const noexcept { return {data, count, stride}; }
};

}  // namespace syrinx::nn
