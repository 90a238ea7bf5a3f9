// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/nn/weights/weight_file.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <sstream>
#include <unordered_map>
#include <utility>

#include "syrinx/core/base/limits.h"
#include "syrinx/core/nn/weights/mapped_file.h"
#include "syrinx/core/nn/weights/npy_header.h"
#include "syrinx/core/nn/weights/weight_contents.h"

static_assert(std::endian::native == std::endian::little, "values are copied as they lie in files");

namespace syrinx::nn {
namespace {

constexpr std::string_view kZip = "PK\x03\x04";
constexpr std::string_view kEmptyZip = "PK\x05\x06";

Result<WeightContents> read_zip(Bytes file) {
  SYRINX_ASSIGN(ZipArchive archive, ZipArchive::open(file));
  const auto ends = [&archive](std::string_view suffix) {
    return std::any_of(archive.entries().begin(), archive.entries().end(),
                       [suffix](const ZipEntry& entry) { return entry.name.ends_with(suffix); });
  };
  const bool torch = ends("/data.pkl"), npz = ends(".npy");
  auto owned = std::make_unique<ZipArchive>(std::move(archive));
  if (torch) return read_torch_zip(std::move(owned));
  if (npz) return read_npz(std::move(owned));
  return make_error(ErrorCode::kUnsupported,
                    "it is a zip file, but holds neither a PyTorch checkpoint (data.pkl) nor "
                    "NumPy arrays (.npy)");
}

Error unknown_format(Bytes file) {
  std::ostringstream first;
  first << std::hex;
  for (std::size_t i = 0; i < std::min<std::size_t>(file.size(), 4); ++i)
    first << (i == 0 ? "" : " ") << std::to_integer<unsigned>(file[i]);
  return make_error(ErrorCode::kUnsupported,
                    "it is no weight file of a known format (safetensors, a PyTorch checkpoint, "
                    ".npz, .npy); it begins with the bytes ",
                    first.str());
}

// Whether a safetensors header could begin here, its length being plausible or its name saying so.
bool may_be_safetensors(Bytes file, std::string_view name) {
  if (name.ends_with(".safetensors")) return true;
  return file.size() > 8 && file[8] == std::byte{'{'} && load_le64(file, 0) <= file.size() - 8;
}

Result<WeightContents> read_any(Bytes file, std::string_view name) {
  if (file.empty()) return make_error(ErrorCode::kCorruptData, "it is empty");
  if (begins_with(file, kZip) || begins_with(file, kEmptyZip)) return read_zip(file);
  if (is_npy(file)) return read_npy(file);
  if (is_torch_legacy(file)) return read_torch_legacy(file);
  if (may_be_safetensors(file, name)) return read_safetensors(file);
  return unknown_format(file);
}

Result<void> check_limits(const std::vector<StoredTensor>& tensors, std::uint64_t file_bytes) {
  if (tensors.empty())
    return make_error(ErrorCode::kCorruptData, "it holds no tensors; a weight file must");
  if (tensors.size() > limits::kMaxWeightTensors)
    return make_error(ErrorCode::kLimitExceeded, "it holds ", tensors.size(), " tensors; at most ",
                      limits::kMaxWeightTensors);
  const std::uint64_t most = file_bytes * limits::kMaxTensorElementsPerFileByte;
  std::uint64_t total = 0;
  for (const StoredTensor& tensor : tensors) {
    if (tensor.info.name.size() > limits::kMaxTensorNameBytes)
      return make_error(ErrorCode::kLimitExceeded, "a tensor's name has ", tensor.info.name.size(),
                        " bytes; at most ", limits::kMaxTensorNameBytes);
    if (tensor.packed_entry) continue;  // Its size is that of the entry, checked when inflated.
    total += tensor.info.elements();
    if (total > most)
      return make_error(ErrorCode::kLimitExceeded, "its tensors up to '", tensor.info.name,
                        "' expand to ", total, " values, more than ",
                        limits::kMaxTensorElementsPerFileByte, " for each byte of the file");
  }
  return {};
}

// Copies elements of Size bytes in C order from wherever the strides say.
template <std::size_t Size>
void gather(const StoredTensor& tensor, Bytes from, std::byte* to) {
  const auto& shape = tensor.info.shape;
  std::vector<std::size_t> index(shape.size(), 0);
  std::uint64_t at = 0;
  for (std::size_t done = 0, all = tensor.info.elements(); done < all; ++done, to += Size) {
    std::memcpy(to, from.data() + at * Size, Size);
    for (std::size_t d = shape.size(); d-- > 0;) {
      at += tensor.strides[d];
      if (++index[d] < shape[d]) break;
      at -= tensor.strides[d] * shape[d];
      index[d] = 0;
    }
  }
}

void gather_any(const StoredTensor& tensor, Bytes from, std::byte* to) {
  switch (bytes_of(tensor.info.dtype)) {
    case 1:
      return gather<1>(tensor, from, to);
    case 2:
      return gather<2>(tensor, from, to);
    case 4:
      return gather<4>(tensor, from, to);
    default:
      return gather<8>(tensor, from, to);
  }
}

void swap_each(std::vector<std::byte>& bytes, std::size_t size) {
  for (std::size_t at = 0; at + size <= bytes.size(); at += size)
    std::reverse(bytes.begin() + static_cast<std::ptrdiff_t>(at),
                 bytes.begin() + static_cast<std::ptrdiff_t>(at + size));
}

template <class T>
std::vector<float> widen(Bytes bytes) {
  std::vector<float> values(bytes.size() / sizeof(T));
  for (std::size_t i = 0; i < values.size(); ++i) {
    T value;
    std::memcpy(&value, bytes.data() + i * sizeof(T), sizeof(T));
    values[i] = static_cast<float>(value);
  }
  return values;
}

template <class Convert>
std::vector<float> widen16(Bytes bytes, Convert convert) {
  std::vector<float> values(bytes.size() / 2);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = convert(load_le16(bytes, 2 * i));
  return values;
}

std::vector<float> to_floats(Bytes bytes, DType type) {
  switch (type) {
    case DType::kFloat64:
      return widen<double>(bytes);
    case DType::kFloat32:
      return widen<float>(bytes);
    case DType::kFloat16:
      return widen16(bytes, half_to_float);
    case DType::kBfloat16:
      return widen16(bytes, bfloat16_to_float);
    case DType::kInt64:
      return widen<std::int64_t>(bytes);
    case DType::kInt32:
      return widen<std::int32_t>(bytes);
    case DType::kInt16:
      return widen<std::int16_t>(bytes);
    case DType::kInt8:
      return widen<std::int8_t>(bytes);
    case DType::kUint8:
    case DType::kBool:
      return widen<std::uint8_t>(bytes);
  }
  return {};
}

}  // namespace

std::size_t TensorInfo::elements() const noexcept {
  std::size_t count = 1;
  for (const std::size_t extent : shape) count *= extent;
  return count;
}

std::string describe_shape(std::span<const std::size_t> shape) {
  std::string text = "[";
  for (std::size_t i = 0; i < shape.size(); ++i)
    text += (i == 0 ? "" : ", ") + std::to_string(shape[i]);
  return text + "]";
}

Result<std::size_t> count_elements(std::span<const std::size_t> shape) {
  if (shape.size() > limits::kMaxTensorRank)
    return make_error(ErrorCode::kLimitExceeded, shape.size(), " dimensions; at most ",
                      limits::kMaxTensorRank);
  // The largest product of any part is bounded too, so that strides cannot overflow beside a zero.
  std::size_t count = 1, product = 1;
  for (const std::size_t extent : shape) {
    count *= extent;
    if (extent != 0 && product > limits::kMaxTensorElements / extent)
      return make_error(ErrorCode::kLimitExceeded, "shape ", describe_shape(shape), " holds over ",
                        limits::kMaxTensorElements, " values");
    product *= extent == 0 ? 1 : extent;
  }
  return count;
}

struct WeightFile::Impl {
  std::string name;
  MappedFile mapping;
  std::vector<std::byte> memory;
  Bytes file;
  WeightContents contents;
  std::vector<TensorInfo> infos;
  std::unordered_map<std::string_view, std::size_t> index;  // Into infos; views of their names.

  Error named(const Error& error) const {
    return make_error(error.code, "'", name, "': ", error.message);
  }

  Result<void> build_index() {
    for (const StoredTensor& tensor : contents.tensors) infos.push_back(tensor.info);
    for (std::size_t i = 0; i < infos.size(); ++i) {
      if (!index.emplace(infos[i].name, i).second)
        return make_error(ErrorCode::kCorruptData, "the tensor '", infos[i].name, "' stands twice");
    }
    return {};
  }

  Result<const StoredTensor*> stored(std::string_view tensor) const {
    if (const auto found = index.find(tensor); found != index.end())
      return &contents.tensors[found->second];
    const auto other = contents.metadata.find(std::string(tensor));
    if (other != contents.metadata.end())
      return make_error(ErrorCode::kCorruptData, "'", name, "': '", tensor,
                        "' should be a tensor, but is ", other->second);
    return make_error(ErrorCode::kNotFound, "'", name, "' has no tensor '", tensor, "'");
  }

  // The values in C order and little-endian: as they lie in the file, or copied into `owned`.
  Result<Bytes> ordered(const StoredTensor& tensor, std::vector<std::byte>& owned) const {
    if (const auto same = mapping.check_unchanged(); !same) return named(same.error());
    std::vector<std::byte> inflated;
    Bytes from = tensor.bytes;
    if (tensor.packed_entry) {
      const ZipEntry& entry = contents.archive->entries()[*tensor.packed_entry];
      auto whole = contents.archive->contents(entry, limits::kMaxInflatedBytes);
      if (!whole) return named(whole.error());
      inflated = std::move(*whole);
      from = Bytes(inflated).subspan(tensor.packed_offset);
    }
    if (tensor.strides.empty() && !tensor.big_endian && inflated.empty()) return from;
    owned.resize(tensor.info.bytes());
    if (tensor.strides.empty()) {
      std::copy(from.begin(), from.begin() + static_cast<std::ptrdiff_t>(owned.size()),
                owned.begin());
    } else {
      gather_any(tensor, from, owned.data());
    }
    if (tensor.big_endian) swap_each(owned, bytes_of(tensor.info.dtype));
    return Bytes(owned);
  }
};

WeightFile::WeightFile(std::unique_ptr<Impl> impl) noexcept : impl_(std::move(impl)) {}
WeightFile::WeightFile(WeightFile&&) noexcept = default;
WeightFile& WeightFile::operator=(WeightFile&&) noexcept = default;
WeightFile::~WeightFile() = default;

Result<WeightFile> WeightFile::from_impl(std::unique_ptr<Impl> impl) {
  auto contents = read_any(impl->file, impl->name);
  if (!contents) return impl->named(contents.error());
  if (const auto checked = check_limits(contents->tensors, impl->file.size()); !checked)
    return impl->named(checked.error());
  impl->contents = *std::move(contents);
  if (const auto indexed = impl->build_index(); !indexed) return impl->named(indexed.error());
  return WeightFile(std::move(impl));
}

Result<WeightFile> WeightFile::open(const std::filesystem::path& path) {
  auto impl = std::make_unique<Impl>();
  impl->name = path.string();
  SYRINX_ASSIGN(impl->mapping, MappedFile::open(path));
  impl->file = impl->mapping.bytes();
  return from_impl(std::move(impl));
}

Result<WeightFile> WeightFile::from_memory(std::vector<std::byte> bytes, std::string name) {
  auto impl = std::make_unique<Impl>();
  impl->name = std::move(name);
  impl->memory = std::move(bytes);
  impl->file = impl->memory;
  return from_impl(std::move(impl));
}

std::string_view WeightFile::format() const noexcept { return impl_->contents.format; }
const std::string& WeightFile::name() const noexcept { return impl_->name; }
std::span<const std::byte> WeightFile::file_bytes() const noexcept { return impl_->file; }
const std::vector<TensorInfo>& WeightFile::tensors() const noexcept { return impl_->infos; }
const std::map<std::string, std::string>& WeightFile::metadata() const noexcept {
  return impl_->contents.metadata;
}

const TensorInfo* WeightFile::find(std::string_view name) const noexcept {
  const auto found = impl_->index.find(name);
  return found == impl_->index.end() ? nullptr : &impl_->infos[found->second];
}

Result<std::vector<float>> WeightFile::floats(std::string_view name) const {
  SYRINX_ASSIGN(const StoredTensor* const tensor, impl_->stored(name));
  std::vector<std::byte> owned;
  SYRINX_ASSIGN(const Bytes bytes, impl_->ordered(*tensor, owned));
  return to_floats(bytes, tensor->info.dtype);
}

Result<std::vector<float>> WeightFile::floats(std::string_view name,
                                              std::span<const std::size_t> shape) const {
  SYRINX_ASSIGN(const StoredTensor* const tensor, impl_->stored(name));
  const auto& given = tensor->info.shape;
  if (!std::equal(given.begin(), given.end(), shape.begin(), shape.end()))
    return make_error(ErrorCode::kCorruptData, "'", impl_->name, "': tensor '", name,
                      "' has shape ", describe_shape(given), ", but the model needs ",
                      describe_shape(shape));
  SYRINX_ASSIGN(auto values, floats(name));
  const auto bad =
      std::find_if(values.begin(), values.end(), [](float value) { return !std::isfinite(value); });
  if (bad == values.end()) return values;
  return make_error(ErrorCode::kCorruptData, "'", impl_->name, "': tensor '", name, "' holds ",
                    std::isnan(*bad) ? "NaN" : "infinity", " at element ", bad - values.begin(),
                    "; weights must be finite");
}

std::optional<std::span<const float>> WeightFile::view(std::string_view name) const noexcept {
  const auto found = impl_->index.find(name);
  if (found == impl_->index.end()) return std::nullopt;
  const StoredTensor& tensor = impl_->contents.tensors[found->second];
  const auto address = reinterpret_cast<std::uintptr_t>(tensor.bytes.data());
  if (tensor.info.dtype != DType::kFloat32 || tensor.packed_entry || !tensor.strides.empty() ||
      tensor.big_endian || address % alignof(float) != 0)
    return std::nullopt;
  return std::span(reinterpret_cast<const float*>(tensor.bytes.data()), tensor.info.elements());
}

Result<void> WeightFile::check_unchanged() const {
  const auto same = impl_->mapping.check_unchanged();
  return same ? Result<void>() : impl_->named(same.error());
}

Result<std::vector<std::byte>> WeightFile::raw(std::string_view name) const {
  SYRINX_ASSIGN(const StoredTensor* const tensor, impl_->stored(name));
  std::vector<std::byte> owned;
  SYRINX_ASSIGN(const Bytes bytes, impl_->ordered(*tensor, owned));
  if (owned.empty()) owned.assign(bytes.begin(), bytes.end());
  return owned;
}

Result<void> WeightFile::check_integrity() const {
  const ZipArchive* const archive = impl_->contents.archive.get();
  if (archive == nullptr) return {};
  for (const ZipEntry& entry : archive->entries()) {
    const auto checked = archive->check(entry);
    if (!checked) return impl_->named(checked.error());
  }
  return {};
}

}  // namespace syrinx::nn
