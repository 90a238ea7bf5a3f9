// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "syrinx/core/nn/rows/row_kernels.h"

namespace syrinx::nn {

// The least and the greatest value that each channel of an activation has had.
struct ChannelRanges {
  std::vector<float> low;   // At most 0.
  std::vector<float> high;  // At least 0.

  ChannelRanges() = default;
  explicit ChannelRanges(std::size_t channels) : low(channels), high(channels) {}
  // Takes in rows of as many floats, `stride` apart.
  void see(const float* rows, std::size_t stride, std::size_t count);
  // What folded rows stand for: channel c is each `channels`-th of theirs from c on. `margin` times
  // as wide.
  ChannelRanges unfolded(std::size_t channels, float margin) const;
};

// How the bytes of an activation's rows stand for numbers: b for step * (b - zero), with a step and
// a zero for each channel, so that each has as much of the 256 values as it needs. Numbers outside
// become the nearest that a byte can say. Immutable.
class ByteScale {
 public:
  ByteScale() = default;
  // For rows of `padded` channels, in which the ranges' channels repeat `fold` times. A channel
  // that was narrow while it was looked at is given at least 0.35 of the widest one's range: what
  // comes later may be wider.
  ByteScale(const ChannelRanges& ranges, std::size_t fold, std::size_t padded);

  float step(std::size_t channel) const { return step_[channel]; }
  int zero(std::size_t channel) const { return static_cast<int>(zero_[channel]); }
  ByteCode code() const noexcept { return {inverse_step_.data(), zero_.data()}; }
  // A row of zeros: what lies outside an utterance.
  std::span<const std::byte> zero_row() const noexcept { return zero_row_; }
  std::size_t memory_bytes() const noexcept { return zero_row_.size() * (1 + 3 * sizeof(float)); }

 private:
  std::vector<float> step_, inverse_step_, zero_;
  std::vector<std::byte> zero_row_;
};

// Whether 32-bit sums of that many products of bytes cannot overflow.
bool sums_fit_bytes(std::size_t products) noexcept;

}  // namespace syrinx::nn
