// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <vector>

#include "syrinx/core/io/byte_sink.h"
#include "syrinx/core/io/npy/npy_file.h"
#include "syrinx/core/nn/weights/npy_header.h"
#include "syrinx/core/nn/weights/zip_archive.h"

// An .npz is a zip of stored .npy files (PKWARE APPNOTE 6.3.10, without zip64).
namespace syrinx::io {
namespace {

constexpr std::uint64_t kMaxZipBytes = 0xFFFFFFFF;
constexpr std::size_t kMaxZipFiles = 0xFFFF;
constexpr std::size_t kEntryBytes = 76;  // Of an entry's two headers, without its two names.

std::string little_endian(std::uint64_t value, std::size_t count) {
  std::string bytes;
  for (std::size_t i = 0; i < count; ++i, value >>= 8)
    bytes.push_back(static_cast<char>(value & 0xFF));
  return bytes;
}

// From "version needed" to the length of the extra field, which both of an entry's headers share.
// The date is the first that zip can write, so that equal arrays make equal files.
std::string shared_fields(const std::string& name, std::uint64_t bytes, std::uint32_t crc32) {
  constexpr std::uint64_t kFirstDate = 1u << 5 | 1u;  // The first of January 1980.
  return little_endian(20, 2) + little_endian(0, 6) + little_endian(kFirstDate, 2) +
         little_endian(crc32, 4) + little_endian(bytes, 4) + little_endian(bytes, 4) +
         little_endian(name.size(), 2) + little_endian(0, 2);
}

Result<void> check(std::span<const nn::TensorBytes> arrays) {
  std::uint64_t total = 0;
  std::vector<std::string_view> names;
  for (const nn::TensorBytes& array : arrays) {
    if (array.bytes.size() != array.info.bytes() || array.info.name.size() > 1'000)
      return make_error(ErrorCode::kInvalidArgument, "the array '", array.info.name.substr(0, 80),
                        "' has a name that is too long, or bytes that do not fit its shape");
    if (array.info.dtype == nn::DType::kBfloat16)
      return make_error(ErrorCode::kUnsupported, "NumPy has no bfloat16 for '", array.info.name,
                        "'; write float32 or float16");
    total += array.bytes.size() + 2 * array.info.name.size() + kEntryBytes + 1'024;
    names.push_back(array.info.name);
  }
  std::sort(names.begin(), names.end());
  if (std::adjacent_find(names.begin(), names.end()) != names.end())
    return make_error(ErrorCode::kInvalidArgument, "an array name stands twice");
  if (total > kMaxZipBytes || arrays.size() >= kMaxZipFiles)
    return make_error(ErrorCode::kLimitExceeded, "an .npz of ", total, " bytes in ", arrays.size(),
                      " arrays; at most ", kMaxZipBytes, " in ", kMaxZipFiles - 1);
  return {};
}

}  // namespace

Result<void> write_npz(const std::filesystem::path& path, std::span<const nn::TensorBytes> arrays) {
  SYRINX_TRY(check(arrays));
  SYRINX_ASSIGN(const auto sink, make_file_sink(path));
  std::uint64_t at = 0;
  const auto put = [&](Bytes bytes) -> Result<void> {
    SYRINX_TRY(sink->write_at(at, bytes));
    at += bytes.size();
    return {};
  };
  std::string directory;
  for (const nn::TensorBytes& array : arrays) {
    const std::string name = array.info.name + ".npy";
    std::string contents = nn::npy_header(array.info.dtype, array.info.shape);
    contents.append(reinterpret_cast<const char*>(array.bytes.data()), array.bytes.size());
    const std::string fields =
        shared_fields(name, contents.size(), nn::crc32_of(std::as_bytes(std::span(contents))));
    directory.append("PK\x01\x02").append(little_endian(20, 2)).append(fields);
    directory.append(little_endian(0, 10)).append(little_endian(at, 4)).append(name);
    const std::string head = "PK\x03\x04" + fields + name;
    SYRINX_TRY(put(std::as_bytes(std::span(head))));
    SYRINX_TRY(put(std::as_bytes(std::span(contents))));
  }
  const std::string end = directory + "PK\x05\x06" + little_endian(0, 4) +
                          little_endian(arrays.size(), 2) + little_endian(arrays.size(), 2) +
                          little_endian(directory.size(), 4) + little_endian(at, 4) +
                          little_endian(0, 2);
  SYRINX_TRY(put(std::as_bytes(std::span(end))));
  return sink->finish();
}

}  // namespace syrinx::io
