// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace syrinx::io {

// Builds a header byte by byte.
class ByteWriter {
 public:
  void tag(std::string_view text) {
    for (const char c : text) bytes_.push_back(static_cast<std::byte>(c));
  }
  void le16(std::uint64_t value) { little(value, 2); }
  void le32(std::uint64_t value) { little(value, 4); }
  void be16(std::uint64_t value) { big(value, 2); }
  void be32(std::uint64_t value) { big(value, 4); }
  void be64(std::uint64_t value) { big(value, 8); }
  std::vector<std::byte> take() { return std::move(bytes_); }

 private:
  void little(std::uint64_t value, int count) {
    for (int i = 0; i < count; ++i) bytes_.push_back(static_cast<std::byte>(value >> (8 * i)));
  }
  void big(std::uint64_t value, int count) {
    for (int i = count; i-- > 0;) bytes_.push_back(static_cast<std::byte>(value >> (8 * i)));
  }
  std::vector<std::byte> bytes_;
};

}  // namespace syrinx::io
