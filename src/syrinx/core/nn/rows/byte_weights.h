// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "syrinx/core/nn/rows/byte_kernels.h"
#include "syrinx/core/nn/rows/packed_conv.h"

namespace syrinx::nn {

// A convolution's weights as whole numbers. Sum over inputs of byte * value, from `start`, times
// `scale` is what the convolution makes without its bias.
struct ByteWeights {
  std::vector<std::int8_t> values;  // [out][in][tap], within +-127.
  std::vector<std::int32_t> start;  // Of each padded output channel: what the zeros' bytes add.
  std::vector<float> scale;
};
// `weights` is [out][in][tap]. Pre: sums_fit_bytes(in * taps).
ByteWeights round_weights(const ByteScale& in, const ConvGeometry& geometry,
                          std::span<const float> weights, std::size_t padded_out);

struct PackedBytes {
  std::vector<std::byte> bytes;
  std::vector<std::int32_t> offsets;  // Rows, or bytes of kTiles' steps.
};
PackedBytes pack_bytes(ByteLayout layout, const ByteWeights& weights, const ConvGeometry& geometry,
                       std::size_t padded_in, std::size_t padded_out);

}  // namespace syrinx::nn
