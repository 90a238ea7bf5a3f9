// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

#include "syrinx/core/base/result.h"

namespace syrinx::support {

// An array of 32-bit floats in C order.
struct NpyArray {
  std::vector<std::size_t> shape;
  std::vector<float> values;
};

// The same of 64-bit integers.
struct NpyInt64Array {
  std::vector<std::size_t> shape;
  std::vector<std::int64_t> values;
};

// Reads a NumPy .npy file, version 1 or 2, of little-endian float32 in C order, at most 64 Mi
// values. Errors: kNotFound; kCorruptData (not .npy, or shorter than its header says);
// kUnsupported (another type or order); kLimitExceeded.
Result<NpyArray> read_npy(const std::filesystem::path& path);
// The same for little-endian int64.
Result<NpyInt64Array> read_npy_int64(const std::filesystem::path& path);

}  // namespace syrinx::support
