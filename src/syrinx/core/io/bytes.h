// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

// Numbers in bytes, least (le) or most (be) significant first. Pre of each load: the bytes are
// there.
namespace syrinx::io {

using Bytes = std::span<const std::byte>;

inline std::uint32_t byte_at(Bytes bytes, std::size_t at) noexcept {
  return std::to_integer<std::uint32_t>(bytes[at]);
}

inline std::uint16_t load_le16(Bytes bytes, std::size_t at) noexcept {
  return static_cast<std::uint16_t>(byte_at(bytes, at) | byte_at(bytes, at + 1) << 8);
}
inline std::uint32_t load_le32(Bytes bytes, std::size_t at) noexcept {
  return load_le16(bytes, at) | static_cast<std::uint32_t>(load_le16(bytes, at + 2)) << 16;
}
inline std::uint64_t load_le64(Bytes bytes, std::size_t at) noexcept {
  return load_le32(bytes, at) | static_cast<std::uint64_t>(load_le32(bytes, at + 4)) << 32;
}
inline std::uint16_t load_be16(Bytes bytes, std::size_t at) noexcept {
  return static_cast<std::uint16_t>(byte_at(bytes, at) << 8 | byte_at(bytes, at + 1));
}
inline std::uint32_t load_be32(Bytes bytes, std::size_t at) noexcept {
  return static_cast<std::uint32_t>(load_be16(bytes, at)) << 16 | load_be16(bytes, at + 2);
}
inline std::uint64_t load_be64(Bytes bytes, std::size_t at) noexcept {
  return static_cast<std::uint64_t>(load_be32(bytes, at)) << 32 | load_be32(bytes, at + 4);
}

// Whether the bytes at `at` are these characters; false when they are not all there.
inline bool has_tag(Bytes bytes, std::size_t at, std::string_view tag) noexcept {
  if (at > bytes.size() || bytes.size() - at < tag.size()) return false;
  for (std::size_t i = 0; i < tag.size(); ++i) {
    if (bytes[at + i] != static_cast<std::byte>(tag[i])) return false;
  }
  return true;
}

}  // namespace syrinx::io
