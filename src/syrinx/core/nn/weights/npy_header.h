// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/nn/weights/dtype.h"
#include "syrinx/core/nn/weights/load.h"

namespace syrinx::nn {

// What the header of a NumPy .npy array says (numpy.lib.format, versions 1 to 3).
struct NpyHeader {
  DType dtype = DType::kFloat32;
  bool big_endian = false;
  bool fortran_order = false;  // The first index runs fastest.
  std::vector<std::size_t> shape;
  std::size_t data_offset = 0;
};

// The most bytes from the start of an array that its header can take.
std::size_t npy_header_max_bytes() noexcept;

bool is_npy(Bytes file) noexcept;

// Reads the header from the first bytes of an array. Errors: kCorruptData; kUnsupported (a type
// that is no plain number: text, records, Python objects, complex); kLimitExceeded.
Result<NpyHeader> parse_npy_header(Bytes file);

// The header of a little-endian array in C order, padded so that the data begin at a multiple of
// 64 bytes.
std::string npy_header(DType type, std::span<const std::size_t> shape);

}  // namespace syrinx::nn
