// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "syrinx/core/nn/rows/row_window.h"

namespace syrinx::vocoder {

// What stands before a signal's first row and after its last.
enum class RowEdge {
  kZero,    // Zeros.
  kRepeat,  // The first row again; after the last, zeros.
  kMirror   // The rows in reverse order, the outermost not twice: PyTorch's ReflectionPad1d. A
            // signal shorter than that needs is mirrored at both ends by turns.
};

// The input of a convolution in a stream: a window of rows, how far the convolution reads on both
// sides, and what lies there beyond the signal's ends.
class EdgedRows {
 public:
  EdgedRows() = default;
  // An output's row r waits for row r + `ahead`. Of mirrored rows `ahead` is at least `behind`, as
  // the first output needs as many to be mirrored. Allocates.
  EdgedRows(std::size_t row_bytes, std::int64_t behind, std::int64_t ahead, RowEdge edge);

  nn::RowWindow& rows() noexcept { return rows_; }
  const nn::RowWindow& rows() const noexcept { return rows_; }
  std::int64_t behind() const noexcept { return behind_; }
  std::int64_t ahead() const noexcept { return ahead_; }
  // For `new_rows` more rows in one call, and the edge after them.
  std::size_t scratch_bytes(std::size_t new_rows) const noexcept;

  void reset() noexcept SYRINX_REALTIME;
  void open(std::byte* scratch) noexcept SYRINX_REALTIME { rows_.open(scratch); }
  // How many rows of output the rows that are there allow, from the stream's beginning: all if they
  // are the `last`. Lays out the edges that these read. Pre: open.
  std::int64_t prepare(bool last) noexcept SYRINX_REALTIME;
  // `done` rows of output have been made: what the next ones do not read goes.
  void close(std::int64_t done) noexcept SYRINX_REALTIME { rows_.close(done - behind_); }

 private:
  void copy_row(std::int64_t to, std::int64_t from) noexcept;
  void lay_front() noexcept;
  void lay_back() noexcept;

  nn::RowWindow rows_;
  std::int64_t behind_ = 0;
  std::int64_t ahead_ = 0;
  RowEdge edge_ = RowEdge::kZero;
  bool fronted_ = false;
};

}  // namespace syrinx::vocoder
