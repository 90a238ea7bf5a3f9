// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/nn/rows/sliding_rows.h"

#include <cstring>

#include "syrinx/core/base/check.h"
#include "syrinx/core/nn/rows/row_kernels.h"

namespace syrinx::nn {

SlidingRows::SlidingRows(std::size_t row_bytes, std::size_t most_needed)
    : bytes_((2 * most_needed + kSlackRows) * row_bytes),
      row_bytes_(row_bytes),
      capacity_(2 * static_cast<std::int64_t>(most_needed)),
      most_needed_(static_cast<std::int64_t>(most_needed)) {}

void SlidingRows::reset(std::int64_t first) noexcept { begin_ = end_ = first; }

void SlidingRows::make_room(std::int64_t first_needed, std::int64_t end) noexcept {
  SYRINX_CHECK(end - first_needed <= most_needed_, "more rows than there is room for");
  if (end - begin_ > capacity_) {
    if (first_needed < end_)
      std::memmove(bytes_.data(), row(first_needed),
                   static_cast<std::size_t>(end_ - first_needed) * row_bytes_);
    begin_ = first_needed;
  }
  end_ = end;
}

}  // namespace syrinx::nn
