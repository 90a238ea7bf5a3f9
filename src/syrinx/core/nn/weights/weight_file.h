// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/nn/weights/dtype.h"

namespace syrinx::nn {

struct TensorInfo {
  std::string name;
  DType dtype = DType::kFloat32;
  std::vector<std::size_t> shape;  // Empty for a single number.

  std::size_t elements() const noexcept;
  std::size_t bytes() const noexcept { return elements() * bytes_of(dtype); }
};

// "[80, 512, 7]".
std::string describe_shape(std::span<const std::size_t> shape);

// A weight file of any known format, recognised by its content: safetensors, a PyTorch checkpoint
// (zip, or the legacy format before 1.6), .npz, .npy. A pickle is interpreted by a list of what
// checkpoints need; nothing in it is ever imported, called or executed. The file stays mapped, and
// values are copied when asked for. Once open, any thread may ask, several at once. A file that is
// written to while it is open is refused from then on. (Made shorter in the very moment in which a
// tensor is copied it ends the program, as every mapping does.)
class WeightFile {
 public:
  // Reads the directory of the file and checks every tensor's place, not its values. Errors:
  // kNotFound; kIo; kInvalidArgument (a folder); kCorruptData; kUnsupported (another format, a
  // pickle that names what is not on the list, an unknown type); kLimitExceeded.
  static Result<WeightFile> open(const std::filesystem::path& path);
  // The same for bytes that are handed over; `name` stands for the path in messages.
  static Result<WeightFile> from_memory(std::vector<std::byte> bytes, std::string name);

  WeightFile(WeightFile&&) noexcept;
  WeightFile& operator=(WeightFile&&) noexcept;
  ~WeightFile();

  std::string_view format() const noexcept;  // "safetensors", "torch zip", "torch legacy", "npz",
                                             // "npy".
  const std::string& name() const noexcept;  // The path as it was given.
  std::span<const std::byte> file_bytes() const noexcept;  // The whole file, for checksums.

  // In the order of the file. Nested dicts are joined by '.': {'generator': {'a.weight': ...}}
  // gives "generator.a.weight". A bare tensor (.npy, some .pt) is called "tensor".
  const std::vector<TensorInfo>& tensors() const noexcept;
  // safetensors' __metadata__; the numbers and texts of a checkpoint's dicts, such as "steps".
  const std::map<std::string, std::string>& metadata() const noexcept;
  const TensorInfo* find(std::string_view name) const noexcept;  // nullptr when there is none.

  // All values in C order as float32: float64 and 64-bit integers are rounded. Errors: kNotFound;
  // kCorruptData or kLimitExceeded (a compressed entry).
  Result<std::vector<float>> floats(std::string_view name) const;
  // The same for a tensor that must have this shape and be finite: else kCorruptData, which names
  // the tensor and both shapes, or the value and its place.
  Result<std::vector<float>> floats(std::string_view name,
                                    std::span<const std::size_t> shape) const;
  // The values of a float32 tensor where they lie in the mapped file, without a copy. Nothing where
  // that cannot be: another type, another order than C's, not aligned, compressed, not there. Lives
  // as long as this, and tells nothing of a file that is changed: check_unchanged() afterwards.
  std::optional<std::span<const float>> view(std::string_view name) const noexcept;
  // All values in C order, little-endian, in the tensor's own type. Errors: as for floats().
  Result<std::vector<std::byte>> raw(std::string_view name) const;

  // kCorruptData if the file was written to since it was opened: then what was read of it may be
  // neither the old nor the new. Every reading above asks first; whoever read all of it asks last.
  Result<void> check_unchanged() const;
  // Holds everything in a zip container against its CRC-32, which reading single tensors does only
  // for compressed ones. Nothing to do for other formats. Errors: kCorruptData naming the entry.
  Result<void> check_integrity() const;

 private:
  struct Impl;
  explicit WeightFile(std::unique_ptr<Impl> impl) noexcept;
  static Result<WeightFile> from_impl(std::unique_ptr<Impl> impl);

  std::unique_ptr<Impl> impl_;
};

}  // namespace syrinx::nn
