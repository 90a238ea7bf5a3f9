// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "syrinx/core/io/bytes.h"

namespace syrinx::io {

// Writes the boxes of an MP4 file (ISO/IEC 14496-12, 4.2) into memory, one within the other.
class Mp4Boxes {
 public:
  // A box that ends, and learns its size, when this goes.
  class Box {
   public:
    Box(Mp4Boxes& boxes, std::string_view type);
    ~Box();
    Box(const Box&) = delete;
    Box& operator=(const Box&) = delete;

   private:
    friend class Mp4Boxes;
    Box(Mp4Boxes& boxes, std::size_t begin) : boxes_(boxes), begin_(begin) {}

    Mp4Boxes& boxes_;
    std::size_t begin_;
  };
  [[nodiscard]] Box box(std::string_view type) { return Box(*this, type); }
  // With the version and flags of a "full box".
  [[nodiscard]] Box full_box(std::string_view type, unsigned version, unsigned flags);

  void u8(std::uint64_t value) { number(value, 1); }
  void u16(std::uint64_t value) { number(value, 2); }
  void u24(std::uint64_t value) { number(value, 3); }
  void u32(std::uint64_t value) { number(value, 4); }
  void u64(std::uint64_t value) { number(value, 8); }
  // 32 bits in a box of version 0, 64 in one of version 1.
  void sized(unsigned version, std::uint64_t value) { number(value, version == 0 ? 4 : 8); }
  void zeros(std::size_t bytes) { bytes_.resize(bytes_.size() + bytes); }
  void text(std::string_view characters);
  void bytes(Bytes more) { bytes_.insert(bytes_.end(), more.begin(), more.end()); }

  const std::vector<std::byte>& all() const noexcept { return bytes_; }

 private:
  void number(std::uint64_t value, int bytes);
  std::vector<std::byte> bytes_;
};

}  // namespace syrinx::io
