// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

// Little-endian numbers in bytes. Pre of each load: the bytes are there.
namespace syrinx::nn {

using Bytes = std::span<const std::byte>;

inline std::uint64_t load_le(Bytes bytes, std::size_t at, std::size_t count) noexcept {
  std::uint64_t value = 0;
  for (std::size_t i = count; i-- > 0;)
    value = value << 8 | std::to_integer<std::uint64_t>(bytes[at + i]);
  return value;
}
inline std::uint16_t load_le16(Bytes bytes, std::size_t at) noexcept {
  return static_cast<std::uint16_t>(load_le(bytes, at, 2));
}
inline std::uint32_t load_le32(Bytes bytes, std::size_t at) noexcept {
  return static_cast<std::uint32_t>(load_le(bytes, at, 4));
}
inline std::uint64_t load_le64(Bytes bytes, std::size_t at) noexcept {
  return load_le(bytes, at, 8);
}

// Whether `count` bytes at `at` lie inside `size` bytes; cannot overflow.
inline bool lies_inside(std::uint64_t at, std::uint64_t count, std::uint64_t size) noexcept {
  return at <= size && count <= size - at;
}

inline std::string_view as_text(Bytes bytes) noexcept {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

inline bool begins_with(Bytes bytes, std::string_view tag) noexcept {
  return bytes.size() >= tag.size() && as_text(bytes.first(tag.size())) == tag;
}

}  // namespace syrinx::nn
