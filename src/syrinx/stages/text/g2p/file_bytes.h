// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace syrinx::text {

// The bytes of a file from the front. Pre of each taking: has() that many.
class FileBytes {
 public:
  explicit FileBytes(std::span<const std::byte> bytes)
      : rest_(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()) {}

  bool has(std::size_t count) const noexcept { return rest_.size() >= count; }
  std::span<const std::uint8_t> take(std::size_t count) noexcept {
    const auto taken = rest_.first(count);
    rest_ = rest_.subspan(count);
    return taken;
  }
  std::uint8_t byte() noexcept { return take(1)[0]; }
  std::uint32_t u32() noexcept {  // Little-endian.
    const auto four = take(4);
    return std::uint32_t{four[0]} | std::uint32_t{four[1]} << 8 | std::uint32_t{four[2]} << 16 |
           std::uint32_t{four[3]} << 24;
  }

 private:
  std::span<const std::uint8_t> rest_;
};

}  // namespace syrinx::text
