// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

#include "syrinx/core/base/result.h"

namespace syrinx::support {

// An array of 32-bit floats in C order.
struct NpyArray {
  std::vector<std::size_t> shape;
  std::vector<float> values;
};

// Reads a NumPy .npy file, version 1 or 2, of little-endian float32 in C order, at most 64 Mi
// values. Errors: kNotFound; kCorruptData (not .npy, or shorter than its header says);
// kUnsupported (another type or order); kLimitExceeded.
Result<NpyArray> read_npy(const std::filesystem::path& path);

}  // namespace syrinx::support
