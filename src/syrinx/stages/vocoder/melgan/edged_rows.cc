// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/vocoder/melgan/edged_rows.h"

#include <algorithm>
#include <cstring>

#include "syrinx/core/base/check.h"

namespace syrinx::vocoder {
namespace {

// Where row i of a signal of `count` rows, mirrored at both ends for ever, is found within it.
std::int64_t mirrored(std::int64_t i, std::int64_t count) {
  const std::int64_t period = std::max<std::int64_t>(2 * (count - 1), 1);
  const std::int64_t place = ((i % period) + period) % period;
  return place < count ? place : period - place;
}

}  // namespace

EdgedRows::EdgedRows(std::size_t row_bytes, std::int64_t behind, std::int64_t ahead, RowEdge edge)
    : rows_(row_bytes, static_cast<std::size_t>(behind), static_cast<std::size_t>(behind + ahead)),
      behind_(behind),
      ahead_(ahead),
      edge_(edge) {
  SYRINX_CHECK(edge != RowEdge::kMirror || ahead >= behind, "a mirror that comes too early");
}

std::size_t EdgedRows::scratch_bytes(std::size_t new_rows) const noexcept {
  return rows_.scratch_bytes(new_rows + static_cast<std::size_t>(ahead_));
}

void EdgedRows::reset() noexcept {
  rows_.reset();
  fronted_ = false;
}

std::int64_t EdgedRows::prepare(bool last) noexcept {
  const std::int64_t end = rows_.end();
  const std::int64_t ready = last ? end : std::max<std::int64_t>(end - ahead_, 0);
  if (ready > 0 && !fronted_) lay_front();
  if (last) lay_back();
  return ready;
}

void EdgedRows::copy_row(std::int64_t to, std::int64_t from) noexcept {
  std::memcpy(rows_.row(to), rows_.row(from), rows_.row_bytes());
}

void EdgedRows::lay_front() noexcept {
  fronted_ = true;
  if (edge_ == RowEdge::kZero) return;  // The window begins with zeros.
  for (std::int64_t i = 1; i <= behind_; ++i)
    copy_row(-i, edge_ == RowEdge::kRepeat ? 0 : mirrored(i, rows_.end()));
}

void EdgedRows::lay_back() noexcept {
  if (edge_ != RowEdge::kMirror || rows_.end() == 0)
    return rows_.pad_end(static_cast<std::size_t>(ahead_));
  const std::int64_t end = rows_.end();
  for (std::int64_t i = 0; i < ahead_; ++i) copy_row(end + i, mirrored(end + i, end));
}

}  // namespace syrinx::vocoder
