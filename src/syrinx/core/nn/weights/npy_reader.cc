// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/base/limits.h"
#include "syrinx/core/nn/weights/npy_header.h"
#include "syrinx/core/nn/weights/weight_contents.h"

namespace syrinx::nn {
namespace {

constexpr std::string_view kSuffix = ".npy";

std::vector<std::uint64_t> fortran_strides(const std::vector<std::size_t>& shape) {
  std::vector<std::uint64_t> strides;
  std::uint64_t step = 1;
  for (const std::size_t extent : shape) {
    strides.push_back(step);
    step *= extent;
  }
  return strides;
}

// The tensor that a header describes, whose data are `data_bytes` long.
Result<StoredTensor> describe(const NpyHeader& header, std::string name, std::uint64_t data_bytes) {
  SYRINX_ASSIGN(const std::size_t elements, count_elements(header.shape));
  StoredTensor tensor;
  tensor.info = {std::move(name), header.dtype, header.shape};
  tensor.big_endian = header.big_endian;
  if (header.fortran_order) tensor.strides = fortran_strides(header.shape);
  if (elements * bytes_of(header.dtype) != data_bytes)
    return make_error(ErrorCode::kCorruptData, "npy: shape ", describe_shape(header.shape), " of ",
                      to_string(header.dtype), " needs ", elements * bytes_of(header.dtype),
                      " bytes, but there are ", data_bytes);
  return tensor;
}

Result<StoredTensor> read_entry(const ZipArchive& archive, std::size_t index) {
  const ZipEntry& entry = archive.entries()[index];
  SYRINX_ASSIGN(const auto head, archive.beginning(entry, npy_header_max_bytes()));
  SYRINX_ASSIGN(const NpyHeader header, parse_npy_header(head));
  std::string name = entry.name.substr(0, entry.name.size() - kSuffix.size());
  SYRINX_ASSIGN(StoredTensor tensor,
                describe(header, std::move(name), entry.bytes - header.data_offset));
  if (entry.stored) {
    tensor.bytes = archive.packed(entry).subspan(header.data_offset);
  } else {
    tensor.packed_entry = index;
    tensor.packed_offset = header.data_offset;
  }
  return tensor;
}

}  // namespace

Result<WeightContents> read_npy(Bytes file) {
  SYRINX_ASSIGN(const NpyHeader header, parse_npy_header(file));
  SYRINX_ASSIGN(StoredTensor tensor, describe(header, "tensor", file.size() - header.data_offset));
  tensor.bytes = file.subspan(header.data_offset);
  WeightContents contents;
  contents.format = "npy";
  contents.tensors.push_back(std::move(tensor));
  return contents;
}

Result<WeightContents> read_npz(std::unique_ptr<ZipArchive> archive) {
  WeightContents contents;
  contents.format = "npz";
  for (std::size_t i = 0; i < archive->entries().size(); ++i) {
    const ZipEntry& entry = archive->entries()[i];
    if (!entry.name.ends_with(kSuffix)) continue;
    auto tensor = read_entry(*archive, i);
    if (!tensor)
      return make_error(tensor.error().code, "'", entry.name, "': ", tensor.error().message);
    contents.tensors.push_back(*std::move(tensor));
  }
  contents.archive = std::move(archive);
  return contents;
}

}  // namespace syrinx::nn
