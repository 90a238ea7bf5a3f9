// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/nn/rows/row_window.h"

#include <algorithm>
#include <cstring>
#include <new>

#include "syrinx/core/base/check.h"
#include "syrinx/core/nn/rows/row_kernels.h"

namespace syrinx::nn {
namespace {
constexpr std::align_val_t kAlignment{64};
}  // namespace

ScratchBytes::ScratchBytes(std::size_t bytes)
    : bytes_(static_cast<std::byte*>(::operator new[](bytes, kAlignment))), size_(bytes) {
  std::memset(bytes_.get(), 0, bytes);
}

void ScratchBytes::Free::operator()(std::byte* bytes) const noexcept {
  ::operator delete[](bytes, kAlignment);
}

RowWindow::RowWindow(std::size_t row_bytes, std::size_t zero_rows, std::size_t max_kept,
                     std::span<const std::byte> zero_row)
    : kept_(row_bytes * std::max(zero_rows, max_kept)),
      zero_row_(zero_row),
      row_bytes_(row_bytes),
      zero_rows_(zero_rows),
      max_kept_(std::max(zero_rows, max_kept)) {
  SYRINX_CHECK(zero_row.empty() || zero_row.size() == row_bytes, "a row of zeros of another size");
  reset();
}

std::size_t RowWindow::scratch_bytes(std::size_t new_rows) const noexcept {
  return (max_kept_ + new_rows + kSlackRows) * row_bytes_;
}

void RowWindow::reset(std::int64_t first) noexcept {
  write_zeros(kept_.data(), zero_rows_);
  begin_ = first - static_cast<std::int64_t>(zero_rows_);
  end_ = first;
  scratch_ = nullptr;
}

void RowWindow::open(std::byte* scratch) noexcept {
  scratch_ = scratch;
  std::memcpy(scratch, kept_.data(), static_cast<std::size_t>(end_ - begin_) * row_bytes_);
}

void RowWindow::pad_end(std::size_t rows) noexcept { write_zeros(row(end_), rows); }

void RowWindow::write_zeros(std::byte* to, std::size_t rows) const noexcept {
  if (zero_row_.empty()) {
    std::memset(to, 0, rows * row_bytes_);
    return;
  }
  for (std::size_t r = 0; r < rows; ++r)
    std::memcpy(to + r * row_bytes_, zero_row_.data(), row_bytes_);
}

void RowWindow::close(std::int64_t first_needed) noexcept {
  first_needed = std::min(first_needed, end_);
  const auto rows = static_cast<std::size_t>(end_ - first_needed);
  SYRINX_CHECK(first_needed >= begin_ && rows <= max_kept_, "a window asked to keep too much");
  std::memcpy(kept_.data(), row(first_needed), rows * row_bytes_);
  begin_ = first_needed;
  scratch_ = nullptr;
}

}  // namespace syrinx::nn
