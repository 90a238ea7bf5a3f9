// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "syrinx/core/nn/rows/row_kernels.h"

// Convolutions of rows of bytes: 8-bit activations without a sign, 8-bit weights with one, 32-bit
// integer sums. One table for each instruction set, beside RowKernels; the sums are the same
// integers in all of them.
namespace syrinx::nn {

// How a table wants a convolution's weights laid out.
enum class ByteLayout {
  kPairs,  // [block of 16 out][tap][in / 2][16 out][2], each widened to 16 bits.
  kQuads,  // [block of 16 out][tap][in / 4][16 out][4]
  // [block of 32 out][step]: two tiles (out 0-15, 16-31) of [16 quads of in][16 out][4]. A step
  // reads 64 bytes from wherever the offsets say, in bytes; the rows must stand side by side.
  kTiles
};

// Raw pointers, for the reason that row_kernels.h gives.
struct ByteKernels {
  ByteLayout layout;
  // Convolves rows of bytes; `tail.out` holds rows of bytes too, by `tail.bytes`.
  void (*conv)(const ConvCall& call) noexcept;
  // out = leaky_relu(scale * x) as bytes, `channels` (padded) a row.
  void (*activate)(std::byte* out, std::size_t out_stride, const ByteCode& code, const float* x,
                   std::size_t x_stride, std::size_t rows, std::size_t channels, float scale,
                   float slope) noexcept;
};

// The table that goes with a table of row kernels: of the same instructions, and where the
// processor has instructions for bytes (VNNI, AMX-INT8) of those.
const ByteKernels& byte_kernels_for(const RowKernels& kernels) noexcept;

// Every table that this processor can run with `kernels`, the first of which byte_kernels_for()
// gives. Ends with a null pointer. For tests.
struct ByteKernelList {
  const ByteKernels* tables[4] = {};
};
ByteKernelList all_byte_kernels_for(const RowKernels& kernels) noexcept;

}  // namespace syrinx::nn
