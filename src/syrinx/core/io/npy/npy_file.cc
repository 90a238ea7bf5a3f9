// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/io/npy/npy_file.h"

#include <cstring>
#include <limits>
#include <memory>
#include <type_traits>

#include "syrinx/core/base/limits.h"
#include "syrinx/core/io/byte_sink.h"
#include "syrinx/core/io/byte_source.h"
#include "syrinx/core/nn/weights/npy_header.h"

namespace syrinx::io {
namespace {

using nn::DType;

template <class T>
constexpr DType type_of() {
  if constexpr (std::is_same_v<T, float>) return DType::kFloat32;
  if constexpr (std::is_same_v<T, double>) return DType::kFloat64;
  if constexpr (std::is_same_v<T, std::int32_t>) return DType::kInt32;
  return DType::kInt64;
}

Result<nn::WeightFile> read_all(ByteSource& source, std::string called) {
  if (source.size() > limits::kMaxSpoolBytes)
    return make_error(ErrorCode::kLimitExceeded, "'", called, "' has ", source.size(),
                      " bytes; at most ", limits::kMaxSpoolBytes, " are read as arrays");
  std::vector<std::byte> bytes(source.size());
  SYRINX_ASSIGN(const std::size_t got, source.read_at(0, bytes));
  bytes.resize(got);
  return nn::WeightFile::from_memory(std::move(bytes), std::move(called));
}

Result<const nn::TensorInfo*> choose(const nn::WeightFile& file, std::string_view name) {
  const auto& all = file.tensors();
  if (name.empty() && all.size() == 1) return &all.front();
  if (!name.empty() && file.find(name) != nullptr) return file.find(name);
  std::string known;
  for (std::size_t i = 0; i < std::min<std::size_t>(all.size(), 8); ++i)
    known += (i == 0 ? "" : ", ") + all[i].name;
  if (all.size() > 8) known += ", ...";
  if (name.empty())
    return make_error(ErrorCode::kInvalidArgument, "'", file.name(), "' holds ", all.size(),
                      " arrays; say which: ", known);
  return make_error(ErrorCode::kNotFound, "'", file.name(), "' has no array '", name, "'; it has ",
                    known);
}

template <class From, class To>
bool convert(std::span<const std::byte> bytes, std::vector<To>& values) {
  values.resize(bytes.size() / sizeof(From));
  for (std::size_t i = 0; i < values.size(); ++i) {
    From value;
    std::memcpy(&value, bytes.data() + i * sizeof(From), sizeof(From));
    if constexpr (std::is_integral_v<To>) {
      if (value < std::numeric_limits<To>::min() || value > std::numeric_limits<To>::max())
        return false;
    }
    values[i] = static_cast<To>(value);
  }
  return true;
}

// Integers to T; false when one does not fit.
template <class T>
bool convert_integers(DType type, std::span<const std::byte> bytes, std::vector<T>& values) {
  if (type == DType::kInt64) return convert<std::int64_t>(bytes, values);
  if (type == DType::kInt32) return convert<std::int32_t>(bytes, values);
  if (type == DType::kInt16) return convert<std::int16_t>(bytes, values);
  if (type == DType::kInt8) return convert<std::int8_t>(bytes, values);
  return convert<std::uint8_t>(bytes, values);
}

template <class T>
Result<NumberArray<T>> extract(const nn::WeightFile& file, std::string_view name) {
  SYRINX_ASSIGN(const nn::TensorInfo* const info, choose(file, name));
  NumberArray<T> array;
  array.shape = info->shape;
  if constexpr (std::is_same_v<T, float>) {
    SYRINX_ASSIGN(array.values, file.floats(info->name));
    return array;
  }
  if (nn::is_floating(info->dtype) && info->dtype != DType::kFloat64) {
    if (std::is_integral_v<T>)
      return make_error(ErrorCode::kUnsupported, "'", file.name(), "' holds ",
                        to_string(info->dtype), ", where integers are needed");
    SYRINX_ASSIGN(const auto values, file.floats(info->name));
    array.values.assign(values.begin(), values.end());
    return array;
  }
  SYRINX_ASSIGN(const auto bytes, file.raw(info->name));
  if (info->dtype == DType::kFloat64) {
    if constexpr (std::is_same_v<T, double>) {
      convert<double>(bytes, array.values);
      return array;
    }
    return make_error(ErrorCode::kUnsupported, "'", file.name(),
                      "' holds float64, where integers are needed");
  }
  if (convert_integers(info->dtype, bytes, array.values)) return array;
  return make_error(ErrorCode::kUnsupported, "'", file.name(), "' holds integers that do not fit ",
                    to_string(type_of<T>()));
}

template <class T>
Result<void> write_to(ByteSink& sink, std::span<const std::size_t> shape,
                      std::span<const T> values) {
  const nn::TensorInfo info{"", type_of<T>(), {shape.begin(), shape.end()}};
  if (info.elements() != values.size())
    return make_error(ErrorCode::kInvalidArgument, "an array of shape ", nn::describe_shape(shape),
                      " cannot have ", values.size(), " values");
  const std::string header = nn::npy_header(info.dtype, shape);
  SYRINX_TRY(sink.write_at(0, std::as_bytes(std::span(header))));
  SYRINX_TRY(sink.write_at(header.size(), std::as_bytes(values)));
  return sink.finish();
}

}  // namespace

template <class T>
Result<NumberArray<T>> read_array(const std::filesystem::path& path, std::string_view name) {
  SYRINX_ASSIGN(const auto source, open_bytes(path, limits::kMaxSpoolBytes, nullptr));
  SYRINX_ASSIGN(const auto file, read_all(*source, path.string()));
  return extract<T>(file, name);
}

template <class T>
Result<NumberArray<T>> read_array_fd(int fd, const std::string& called, std::string_view name) {
  SYRINX_ASSIGN(const auto source, bytes_of_fd(fd, called, limits::kMaxSpoolBytes, nullptr));
  SYRINX_ASSIGN(const auto file, read_all(*source, called));
  return extract<T>(file, name);
}

template <class T>
Result<void> write_npy(const std::filesystem::path& path, std::span<const std::size_t> shape,
                       std::span<const T> values) {
  SYRINX_ASSIGN(const auto sink, make_file_sink(path));
  return write_to<T>(*sink, shape, values);
}

template <class T>
Result<void> write_npy_fd(int fd, const std::string& called, std::span<const std::size_t> shape,
                          std::span<const T> values) {
  const auto sink = make_fd_sink(fd, called);
  return write_to<T>(*sink, shape, values);
}

#define SYRINX_INSTANTIATE(T)                                                                    \
  template Result<NumberArray<T>> read_array<T>(const std::filesystem::path&, std::string_view); \
  template Result<NumberArray<T>> read_array_fd<T>(int, const std::string&, std::string_view);   \
  template Result<void> write_npy<T>(const std::filesystem::path&, std::span<const std::size_t>, \
                                     std::span<const T>);                                        \
  template Result<void> write_npy_fd<T>(int, const std::string&, std::span<const std::size_t>,   \
                                        std::span<const T>)
SYRINX_INSTANTIATE(float);
SYRINX_INSTANTIATE(double);
SYRINX_INSTANTIATE(std::int32_t);
SYRINX_INSTANTIATE(std::int64_t);
#undef SYRINX_INSTANTIATE

}  // namespace syrinx::io
