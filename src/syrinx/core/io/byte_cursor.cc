// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/io/byte_cursor.h"

#include <cstdio>
#include <limits>

namespace syrinx::io {

std::int64_t ByteCursor::seek(std::int64_t offset, int whence) {
  std::int64_t base = 0;
  if (whence == SEEK_CUR) base = static_cast<std::int64_t>(position_);
  if (whence == SEEK_END) base = static_cast<std::int64_t>(size());
  const bool past_any_file = offset > std::numeric_limits<std::int64_t>::max() - base;
  if (offset < -base || past_any_file) return -1;
  position_ = static_cast<std::uint64_t>(base + offset);
  return base + offset;
}

}  // namespace syrinx::io
