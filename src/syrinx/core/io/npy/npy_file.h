// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/nn/weights/tensor_bytes.h"

namespace syrinx::io {

// An array in C order: mels, samples, noise.
template <class T>
struct NumberArray {
  std::vector<std::size_t> shape;
  std::vector<T> values;
};

// Reads one array of a .npy, .npz or safetensors file or a PyTorch checkpoint, told apart by
// content; `name` says which, and may be empty where there is only one. T is float, double,
// std::int32_t or std::int64_t. Numbers of any type become floats; only integers, and only those
// that fit, become integers. Pipes are read to their end. Errors: kNotFound; kIo; kCorruptData;
// kUnsupported (another type); kInvalidArgument (no name where there are several); kLimitExceeded.
template <class T>
Result<NumberArray<T>> read_array(const std::filesystem::path& path, std::string_view name = {});
// The same from where an open descriptor stands, as standard input; it is not closed.
template <class T>
Result<NumberArray<T>> read_array_fd(int fd, const std::string& called, std::string_view name = {});

// Writes a .npy file of T (as above), under a temporary name until it is complete. Errors:
// kInvalidArgument (the shape does not hold as many values; a folder); kNotFound; kIo.
template <class T>
Result<void> write_npy(const std::filesystem::path& path, std::span<const std::size_t> shape,
                       std::span<const T> values);
// The same to an open descriptor, as standard output; it is not closed.
template <class T>
Result<void> write_npy_fd(int fd, const std::string& called, std::span<const std::size_t> shape,
                          std::span<const T> values);

// Writes an .npz archive of these arrays, uncompressed. Errors: as write_npy(); kUnsupported for
// bfloat16, which NumPy lacks; kLimitExceeded for 4 GiB and more.
Result<void> write_npz(const std::filesystem::path& path, std::span<const nn::TensorBytes> arrays);

}  // namespace syrinx::io
