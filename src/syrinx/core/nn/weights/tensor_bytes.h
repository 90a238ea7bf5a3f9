// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "syrinx/core/nn/weights/weight_file.h"

namespace syrinx::nn {

// A tensor with its values, in C order and little-endian: what is written to files.
struct TensorBytes {
  TensorInfo info;
  std::vector<std::byte> bytes;  // info.bytes() of them.
};

// Values as the bytes of a floating type, rounded to the nearest.
// Pre: is_floating(type).
std::vector<std::byte> pack_floats(std::span<const float> values, DType type);

// A tensor of these values. Pre: is_floating(type); the shape holds as many.
TensorBytes make_tensor(std::string name, std::vector<std::size_t> shape,
                        std::span<const float> values, DType type = DType::kFloat32);

}  // namespace syrinx::nn
