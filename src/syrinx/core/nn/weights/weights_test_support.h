// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// Makes small weight files byte by byte, good ones and bad ones, for tests and fuzzers.
namespace syrinx::nn::testing {

using ByteString = std::vector<std::byte>;

inline ByteString bytes_of_text(std::string_view text) {
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

inline std::string little_endian(std::uint64_t value, std::size_t count) {
  std::string bytes;
  for (std::size_t i = 0; i < count; ++i, value >>= 8)
    bytes.push_back(static_cast<char>(value & 0xFF));
  return bytes;
}

template <class T>
std::string bytes_of_values(const std::vector<T>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)};
}

struct ZipPart {
  std::string name;
  std::string contents;     // As they lie in the file.
  unsigned method = 0;      // 8: `contents` are deflated.
  std::uint64_t bytes = 0;  // Of what they inflate to; 0: as many as there are.
  std::uint32_t crc32 = 0;  // Of what they inflate to.
};

// A zip file of these parts. make_zip_part() fills in the checksum of a stored one.
ByteString make_zip(const std::vector<ZipPart>& parts);
ZipPart make_zip_part(std::string name, std::string contents);
ZipPart make_deflated_part(std::string name, const std::string& contents);

// The opcodes of a pickle, appended one after the other.
class PickleText {
 public:
  PickleText() : bytes_("\x80\x02") {}
  PickleText& op(std::string_view bytes) {
    bytes_ += bytes;
    return *this;
  }
  PickleText& text(std::string_view value) {
    return op("X").op(little_endian(value.size(), 4)).op(value);
  }
  PickleText& integer(std::int64_t value) {
    return op("J").op(little_endian(static_cast<std::uint64_t>(value), 4));
  }
  PickleText& name(std::string_view module, std::string_view name) {
    return op("c").op(module).op("\n").op(name).op("\n");
  }
  PickleText& counts(const std::vector<std::int64_t>& values) {
    op("(");
    for (const auto value : values) integer(value);
    return op("t");
  }
  // _rebuild_tensor_v2 of a FloatStorage (or another) of `count` values.
  PickleText& tensor(std::string_view key, std::int64_t count,
                     const std::vector<std::int64_t>& shape,
                     const std::vector<std::int64_t>& strides, std::int64_t offset = 0,
                     std::string_view storage = "FloatStorage") {
    name("torch._utils", "_rebuild_tensor_v2").op("((").text("storage").name("torch", storage);
    text(key).text("cpu").integer(count).op("tQ").integer(offset).counts(shape).counts(strides);
    return op("\x89").name("collections", "OrderedDict").op(")RtR");
  }
  std::string stop() const { return bytes_ + "."; }

 private:
  std::string bytes_;
};

struct TorchData {
  std::string key;
  std::string bytes;
  std::uint64_t count = 0;
};

// A checkpoint of torch.save's zip format, and of its legacy one.
ByteString make_torch_zip(const std::string& pickle, const std::vector<TorchData>& storages);
ByteString make_torch_legacy(const std::string& pickle, const std::vector<TorchData>& storages);

ByteString make_safetensors(std::string_view header, std::string_view data);

}  // namespace syrinx::nn::testing
