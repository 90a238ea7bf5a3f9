// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "syrinx/core/nn/rows/row_window.h"

namespace syrinx::nn {

// The rows of an activation between the one that is still needed and the newest, in memory that
// they slide through: now and then they move back to its beginning.
class SlidingRows {
 public:
  SlidingRows() = default;
  // Room for `most_needed` rows at a time, which move once in so many rows again. Allocates.
  SlidingRows(std::size_t row_bytes, std::size_t most_needed);

  std::size_t row_bytes() const noexcept { return row_bytes_; }
  std::size_t memory_bytes() const noexcept { return bytes_.size(); }
  // Forgets all: `first` is the first row that there will be.
  void reset(std::int64_t first) noexcept SYRINX_REALTIME;
  // Makes room for rows up to `end`, forgetting those before `first_needed`.
  // Pre: end - first_needed <= most_needed.
  void make_room(std::int64_t first_needed, std::int64_t end) noexcept SYRINX_REALTIME;
  // Pre: not forgotten, and there is room.
  std::byte* row(std::int64_t index) const noexcept {
    return bytes_.data() + static_cast<std::size_t>(index - begin_) * row_bytes_;
  }
  float* floats(std::int64_t index) const noexcept { return reinterpret_cast<float*>(row(index)); }

 private:
  ScratchBytes bytes_;
  std::size_t row_bytes_ = 0;
  std::int64_t capacity_ = 0;  // Rows, besides the slack that kernels read.
  std::int64_t most_needed_ = 0;
  std::int64_t begin_ = 0;  // The row at the beginning of the memory.
  std::int64_t end_ = 0;    // One past the last there is room for that was asked for.
};

}  // namespace syrinx::nn
