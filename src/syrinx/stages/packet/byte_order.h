// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

// Network byte order: the most significant byte first.
namespace syrinx::packet {

// Pre: at + the width <= bytes.size(), for all of these.
inline std::uint16_t read_u16(std::span<const std::uint8_t> bytes, std::size_t at) noexcept {
  return static_cast<std::uint16_t>((bytes[at] << 8) | bytes[at + 1]);
}
inline std::uint32_t read_u32(std::span<const std::uint8_t> bytes, std::size_t at) noexcept {
  return (std::uint32_t{read_u16(bytes, at)} << 16) | read_u16(bytes, at + 2);
}
inline std::uint64_t read_u64(std::span<const std::uint8_t> bytes, std::size_t at) noexcept {
  return (std::uint64_t{read_u32(bytes, at)} << 32) | read_u32(bytes, at + 4);
}

inline void store_u16(std::span<std::uint8_t> bytes, std::size_t at, std::uint32_t value) noexcept {
  bytes[at] = static_cast<std::uint8_t>(value >> 8);
  bytes[at + 1] = static_cast<std::uint8_t>(value);
}
inline void store_u32(std::span<std::uint8_t> bytes, std::size_t at, std::uint32_t value) noexcept {
  store_u16(bytes, at, value >> 16);
  store_u16(bytes, at + 2, value & 0xFFFF);
}

inline void append_u8(std::vector<std::uint8_t>& bytes, std::uint32_t value) {
  bytes.push_back(static_cast<std::uint8_t>(value));
}
inline void append_u16(std::vector<std::uint8_t>& bytes, std::uint32_t value) {
  append_u8(bytes, value >> 8);
  append_u8(bytes, value);
}
inline void append_u32(std::vector<std::uint8_t>& bytes, std::uint32_t value) {
  append_u16(bytes, value >> 16);
  append_u16(bytes, value);
}
inline void append_u64(std::vector<std::uint8_t>& bytes, std::uint64_t value) {
  append_u32(bytes, static_cast<std::uint32_t>(value >> 32));
  append_u32(bytes, static_cast<std::uint32_t>(value));
}

}  // namespace syrinx::packet
