// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/io/mp4_boxes.h"

namespace syrinx::io {

Mp4Boxes::Box::Box(Mp4Boxes& boxes, std::string_view type)
    : boxes_(boxes), begin_(boxes.bytes_.size()) {
  boxes_.u32(0);
  boxes_.text(type);
}

Mp4Boxes::Box::~Box() {
  const std::size_t size = boxes_.bytes_.size() - begin_;
  for (std::size_t i = 0; i < 4; ++i)
    boxes_.bytes_[begin_ + i] = static_cast<std::byte>(size >> (8 * (3 - i)));
}

Mp4Boxes::Box Mp4Boxes::full_box(std::string_view type, unsigned version, unsigned flags) {
  u32(0);
  text(type);
  u8(version);
  u24(flags);
  return Box(*this, bytes_.size() - 12);
}

void Mp4Boxes::text(std::string_view characters) {
  for (const char c : characters) bytes_.push_back(static_cast<std::byte>(c));
}

void Mp4Boxes::number(std::uint64_t value, int bytes) {
  for (int i = bytes; i-- > 0;) bytes_.push_back(static_cast<std::byte>(value >> (8 * i)));
}

}  // namespace syrinx::io
