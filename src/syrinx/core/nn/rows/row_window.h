// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "syrinx/core/base/realtime.h"

namespace syrinx::nn {

// Memory for windows to take turns in: finite numbers in every format from the start.
class ScratchBytes {
 public:
  ScratchBytes() = default;
  explicit ScratchBytes(std::size_t bytes);  // Zeros, on a 64-byte boundary.
  std::byte* data() const noexcept { return bytes_.get(); }
  std::size_t size() const noexcept { return size_; }

 private:
  struct Free {
    void operator()(std::byte* bytes) const noexcept;
  };
  std::unique_ptr<std::byte[], Free> bytes_;
  std::size_t size_ = 0;
};

// The rows of one activation that a stream can see: those that this call made, and before them what
// is still needed of earlier calls. Rows are numbered from the stream's beginning. Between calls
// only the needed rows are kept, in memory of the window's own; during a call all lie side by side
// in scratch memory that windows take turns in. So the working set stays in cache, and a stream
// costs little while it waits.
class RowWindow {
 public:
  RowWindow() = default;
  // `zero_rows`: rows of zeros that stand before row 0. `max_kept`: the most rows that close() is
  // asked to keep, at least zero_rows. `zero_row`: what a row of zeros holds, where that is not
  // bytes of zero; row_bytes of them, which must outlive it. Allocates.
  RowWindow(std::size_t row_bytes, std::size_t zero_rows, std::size_t max_kept,
            std::span<const std::byte> zero_row = {});

  std::size_t row_bytes() const noexcept { return row_bytes_; }
  std::int64_t end() const noexcept { return end_; }  // One past the last row.
  std::size_t memory_bytes() const noexcept { return kept_.size(); }
  // Bytes of scratch for `new_rows` more rows in one call, the slack that kernels read included.
  std::size_t scratch_bytes(std::size_t new_rows) const noexcept;

  // Forgets everything: the stream is before row `first`, with the rows of zeros before that.
  void reset(std::int64_t first = 0) noexcept SYRINX_REALTIME;
  // Lays the kept rows out at the beginning of `scratch`.
  void open(std::byte* scratch) noexcept SYRINX_REALTIME;
  // Where a row is or will be, while open. Pre: not before the kept rows.
  std::byte* row(std::int64_t index) const noexcept {
    return scratch_ + static_cast<std::size_t>(index - begin_) * row_bytes_;
  }
  template <class T>
  T* row_as(std::int64_t index) const noexcept {
    return reinterpret_cast<T*>(row(index));
  }
  // Counts `rows` more rows, which have been or will be written, as there.
  void grow(std::size_t rows) noexcept { end_ += static_cast<std::int64_t>(rows); }
  // Writes rows of zeros after the last row without counting them: what lies past a stream's end.
  void pad_end(std::size_t rows) noexcept SYRINX_REALTIME;
  // Keeps the rows from `first_needed` on and leaves the scratch. Pre: as many as max_kept at most.
  void close(std::int64_t first_needed) noexcept SYRINX_REALTIME;

 private:
  void write_zeros(std::byte* to, std::size_t rows) const noexcept;

  std::vector<std::byte> kept_;
  std::span<const std::byte> zero_row_;
  std::byte* scratch_ = nullptr;
  std::size_t row_bytes_ = 0;
  std::size_t zero_rows_ = 0;
  std::size_t max_kept_ = 0;
  std::int64_t begin_ = 0;  // The first row that is there.
  std::int64_t end_ = 0;
};

}  // namespace syrinx::nn
