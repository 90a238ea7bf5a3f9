// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/nn/rows/byte_scale.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

namespace syrinx::nn {
namespace {
constexpr float kMost = 255.0F;
// Less saturates on what was not looked at, more wastes steps.
constexpr float kLeastShare = 0.35F;
}  // namespace

void ChannelRanges::see(const float* rows, std::size_t stride, std::size_t count) {
  for (std::size_t r = 0; r < count; ++r, rows += stride)
    for (std::size_t c = 0; c < low.size(); ++c) {
      low[c] = std::min(low[c], rows[c]);
      high[c] = std::max(high[c], rows[c]);
    }
}

ChannelRanges ChannelRanges::unfolded(std::size_t channels, float margin) const {
  ChannelRanges made(channels);
  for (std::size_t c = 0; c < low.size(); ++c) {
    made.low[c % channels] = std::min(made.low[c % channels], margin * low[c]);
    made.high[c % channels] = std::max(made.high[c % channels], margin * high[c]);
  }
  return made;
}

ByteScale::ByteScale(const ChannelRanges& ranges, std::size_t fold, std::size_t padded)
    : step_(padded, 1.0F), inverse_step_(padded, 1.0F), zero_(padded), zero_row_(padded) {
  if (ranges.low.empty()) return;
  const float lowest = *std::min_element(ranges.low.begin(), ranges.low.end());
  const float highest = *std::max_element(ranges.high.begin(), ranges.high.end());
  for (std::size_t c = 0; c < ranges.low.size() * fold; ++c) {
    const std::size_t plain = c % ranges.low.size();
    const float low = std::min(ranges.low[plain], lowest * kLeastShare);
    const float high = std::max(ranges.high[plain], highest * kLeastShare);
    const float range = high - low;
    if (!(range > std::numeric_limits<float>::min() * kMost)) continue;
    step_[c] = range / kMost;
    inverse_step_[c] = kMost / range;
    zero_[c] = std::round(-low / step_[c]);
    zero_row_[c] = static_cast<std::byte>(zero_[c]);
  }
}

bool sums_fit_bytes(std::size_t products) noexcept {
  // Twice: a sum starts from what the zeros add, which may be as much.
  return products <= std::numeric_limits<std::int32_t>::max() / (2 * 255 * 127);
}

}  // namespace syrinx::nn
