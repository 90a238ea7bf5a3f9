// SPDX-License-Identifier: Apache-2.0
#include "support/npy.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <string>

namespace syrinx::support {
namespace {

constexpr std::size_t kMaxHeaderBytes = 1 << 16;
constexpr std::size_t kMaxValues = std::size_t{64} << 20;

Error corrupt(const std::filesystem::path& path, const char* what) {
  return make_error(ErrorCode::kCorruptData, path.string(), " ", what);
}

Result<std::string> read_header(std::ifstream& file, const std::filesystem::path& path) {
  std::array<char, 8> magic{};
  if (!file.read(magic.data(), 8) || std::memcmp(magic.data(), "\x93NUMPY", 6) != 0)
    return corrupt(path, "is not a .npy file");
  std::array<unsigned char, 4> length{};
  const std::streamsize length_bytes = magic[6] == 1 ? 2 : 4;
  if (!file.read(reinterpret_cast<char*>(length.data()), length_bytes))
    return corrupt(path, "ends in its header");
  const std::size_t bytes = length[0] | (std::size_t{length[1]} << 8) |
                            (std::size_t{length[2]} << 16) | (std::size_t{length[3]} << 24);
  if (bytes > kMaxHeaderBytes)
    return make_error(ErrorCode::kLimitExceeded, path.string(), " has a header of ", bytes,
                      " bytes; at most ", kMaxHeaderBytes);
  std::string header(bytes, ' ');
  if (!file.read(header.data(), static_cast<std::streamsize>(bytes)))
    return corrupt(path, "ends in its header");
  return header;
}

// The numbers in "'shape': (80, 123), ".
Result<std::vector<std::size_t>> parse_shape(const std::string& header,
                                             const std::filesystem::path& path) {
  const auto key = header.find("'shape'");
  const auto open = header.find('(', key == std::string::npos ? header.size() : key);
  const auto close = header.find(')', open == std::string::npos ? header.size() : open);
  if (close == std::string::npos) return corrupt(path, "states no shape");
  std::vector<std::size_t> shape;
  std::size_t values = 1;
  for (const char* at = header.data() + open + 1; at < header.data() + close;) {
    std::size_t extent = 0;
    const auto [next, failed] = std::from_chars(at, header.data() + close, extent);
    at = failed == std::errc{} ? next : at + 1;
    if (failed != std::errc{}) continue;  // A comma or a space.
    if (extent > kMaxValues / std::max<std::size_t>(values, 1))
      return make_error(ErrorCode::kLimitExceeded, path.string(), " holds more than ", kMaxValues,
                        " values");
    values *= extent;
    shape.push_back(extent);
  }
  return shape;
}

// Reads an array whose values NumPy calls `type`, as "'<f4'".
template <class Array>
Result<Array> read_array(const std::filesystem::path& path, const char* type, const char* name) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return make_error(ErrorCode::kNotFound, "cannot open ", path.string());
  SYRINX_ASSIGN(const std::string header, read_header(file, path));
  if (header.find(type) == std::string::npos ||
      header.find("'fortran_order': False") == std::string::npos)
    return make_error(ErrorCode::kUnsupported, path.string(), " is not little-endian ", name,
                      " in C order");
  Array array;
  SYRINX_ASSIGN(array.shape, parse_shape(header, path));
  std::size_t values = 1;
  for (const std::size_t extent : array.shape) values *= extent;
  array.values.resize(values);
  if (!file.read(reinterpret_cast<char*>(array.values.data()),
                 static_cast<std::streamsize>(values * sizeof(array.values[0]))))
    return corrupt(path, "is shorter than its shape");
  return array;
}

}  // namespace

Result<NpyArray> read_npy(const std::filesystem::path& path) {
  return read_array<NpyArray>(path, "'<f4'", "float32");
}

Result<NpyInt64Array> read_npy_int64(const std::filesystem::path& path) {
  return read_array<NpyInt64Array>(path, "'<i8'", "int64");
}

}  // namespace syrinx::support
