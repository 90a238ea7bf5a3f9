// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace syrinx::voice {

// The newest samples of a stream, by their place in it: sample 0 was the first.
class SampleRing {
 public:
  SampleRing() = default;
  // Remembers at least `samples`.
  explicit SampleRing(std::size_t samples) : data_(std::bit_ceil(samples)) {}

  // How many samples there have been: the newest is at end() - 1.
  std::int64_t end() const noexcept { return end_; }

  void push(float x) noexcept { data_[place(end_++)] = x; }
  // Copies the samples from `from` on; zeros for those before the stream, to come or forgotten.
  void copy(std::int64_t from, std::span<float> to) const noexcept {
    const std::int64_t oldest = std::max<std::int64_t>(0, end_ - size());
    for (std::size_t i = 0; i < to.size(); ++i) {
      const std::int64_t at = from + static_cast<std::int64_t>(i);
      to[i] = at >= oldest && at < end_ ? data_[place(at)] : 0.0f;
    }
  }
  void clear() noexcept {
    std::fill(data_.begin(), data_.end(), 0.0f);
    end_ = 0;
  }

 private:
  std::int64_t size() const noexcept { return static_cast<std::int64_t>(data_.size()); }
  std::size_t place(std::int64_t at) const noexcept {
    return static_cast<std::size_t>(at) & (data_.size() - 1);
  }

  std::vector<float> data_;
  std::int64_t end_ = 0;
};

// Sums that overlapping grains leave, by their place in the stream, until they are taken out.
class SumRing {
 public:
  SumRing() = default;
  // Holds sums for at least `samples` from the next to be taken on.
  explicit SumRing(std::size_t samples) : data_(std::bit_ceil(samples)) {}

  // The first place that has not been taken out.
  std::int64_t begin() const noexcept { return begin_; }
  std::int64_t end() const noexcept { return begin_ + static_cast<std::int64_t>(data_.size()); }
  // Pre: begin() <= at < end().
  void add(std::int64_t at, float x) noexcept { data_[place(at)] += x; }
  float take() noexcept {
    float& here = data_[place(begin_++)];
    const float sum = here;
    here = 0.0f;
    return sum;
  }
  // Forgets all, and goes on from `begin`.
  void restart(std::int64_t begin) noexcept {
    std::fill(data_.begin(), data_.end(), 0.0f);
    begin_ = begin;
  }

 private:
  std::size_t place(std::int64_t at) const noexcept {
    return static_cast<std::size_t>(at) & (data_.size() - 1);
  }

  std::vector<float> data_;
  std::int64_t begin_ = 0;
};

}  // namespace syrinx::voice
