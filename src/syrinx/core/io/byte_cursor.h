// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "syrinx/core/base/result.h"
#include "syrinx/core/io/byte_source.h"

namespace syrinx::io {

// A position in a ByteSource: what the decoding libraries' callbacks read from. They can only be
// told that nothing came; why, is kept here.
class ByteCursor {
 public:
  explicit ByteCursor(std::unique_ptr<ByteSource> bytes) noexcept : bytes_(std::move(bytes)) {}

  std::uint64_t size() const noexcept { return bytes_->size(); }
  std::uint64_t position() const noexcept { return position_; }
  // Whether the last byte was ever reached.
  bool reached_end() const noexcept { return reached_end_; }
  const std::optional<Error>& error() const noexcept { return error_; }

  // Reads on and returns how much; nothing after an error.
  std::optional<std::size_t> read(void* out, std::size_t count) {
    auto got = bytes_->read_at(position_, {static_cast<std::byte*>(out), count});
    if (!got) {
      if (!error_) error_ = std::move(got).error();
      return std::nullopt;
    }
    position_ += *got;
    reached_end_ = reached_end_ || position_ >= size();
    return *got;
  }

  // As lseek: the new position, or -1 and no change for one before the start or past any file.
  std::int64_t seek(std::int64_t offset, int whence);

 private:
  std::unique_ptr<ByteSource> bytes_;
  std::uint64_t position_ = 0;
  bool reached_end_ = false;
  std::optional<Error> error_;
};

}  // namespace syrinx::io
