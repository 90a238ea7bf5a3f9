// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/nn/weights/load.h"
#include "syrinx/core/nn/weights/weight_file.h"
#include "syrinx/core/nn/weights/zip_archive.h"

namespace syrinx::nn {

// A tensor and where its values are. `bytes` begins at its first value and holds all that its
// strides reach.
struct StoredTensor {
  TensorInfo info;
  Bytes bytes;
  std::vector<std::uint64_t> strides;  // In elements, one a dimension; empty for C order.
  bool big_endian = false;
  // Set when the values must first be inflated: an entry of the archive, and where in it they
  // begin.
  std::optional<std::size_t> packed_entry;
  std::size_t packed_offset = 0;
};

// What every reader of a format gives. Points into the bytes that were read.
struct WeightContents {
  std::string_view format;
  std::vector<StoredTensor> tensors;
  std::map<std::string, std::string> metadata;
  std::unique_ptr<ZipArchive> archive;
};

// Errors of each: kCorruptData, kUnsupported, kLimitExceeded. The message does not name the file.
Result<WeightContents> read_safetensors(Bytes file);
Result<WeightContents> read_torch_zip(std::unique_ptr<ZipArchive> archive);
Result<WeightContents> read_torch_legacy(Bytes file);
Result<WeightContents> read_npy(Bytes file);
Result<WeightContents> read_npz(std::unique_ptr<ZipArchive> archive);

bool is_torch_legacy(Bytes file) noexcept;

// How many values a shape has. Errors: kLimitExceeded (kMaxTensorRank, kMaxTensorElements).
Result<std::size_t> count_elements(std::span<const std::size_t> shape);

}  // namespace syrinx::nn
