// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace syrinx::text {

// Reads little-endian values from the front of some bytes; what is not there reads as 0 or empty,
// and is remembered.
class ByteReader {
 public:
  explicit ByteReader(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

  bool failed() const noexcept { return failed_; }
  std::size_t left() const noexcept { return bytes_.size(); }
  std::uint32_t u8() noexcept { return number(1); }
  std::uint32_t u16() noexcept { return number(2); }
  std::uint32_t u32() noexcept { return number(4); }
  float f32() noexcept { return std::bit_cast<float>(u32()); }
  std::span<const std::uint8_t> bytes(std::size_t size) noexcept {
    failed_ = failed_ || size > bytes_.size();
    if (failed_) return {};
    const std::span<const std::uint8_t> taken = bytes_.first(size);
    bytes_ = bytes_.subspan(size);
    return taken;
  }
  std::string_view text(std::size_t size) noexcept {
    const std::span<const std::uint8_t> taken = bytes(size);
    return {reinterpret_cast<const char*>(taken.data()), taken.size()};
  }

 private:
  std::uint32_t number(std::size_t size) noexcept {
    std::uint32_t value = 0;
    int shift = 0;
    for (const std::uint8_t byte : bytes(size)) {
      value |= std::uint32_t{byte} << shift;
      shift += 8;
    }
    return value;
  }

  std::span<const std::uint8_t> bytes_;
  bool failed_ = false;
};

}  // namespace syrinx::text
