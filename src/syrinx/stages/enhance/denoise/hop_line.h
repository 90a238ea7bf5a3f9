// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

namespace syrinx::enhance {

// Makes of what works hop by hop something that works sample by sample, at the price of
// latency_samples() on top of its own.
class HopLine {
 public:
  HopLine() = default;
  // Takes memory. Pre: hop_samples >= 1.
  explicit HopLine(std::size_t hop_samples) : in_(hop_samples), out_(hop_samples) {}

  std::size_t latency_samples() const noexcept { return in_.size() - 1; }

  // Takes one sample and gives one. Each time a hop is full, `work(std::span<const float> in,
  // std::span<float> out)` makes a hop of it; as real-time safe as that.
  template <class Work>
  float next(float x, Work&& work) {
    in_[at_] = x;
    at_ = at_ + 1 == in_.size() ? 0 : at_ + 1;
    if (at_ == 0) work(std::span<const float>(in_), std::span<float>(out_));
    return out_[at_];
  }
  void reset() noexcept {
    std::fill(in_.begin(), in_.end(), 0.0f);
    std::fill(out_.begin(), out_.end(), 0.0f);
    at_ = 0;
  }

 private:
  std::vector<float> in_;
  std::vector<float> out_;
  std::size_t at_ = 0;
};

// The last samples of a signal, so many samples late.
class SampleDelay {
 public:
  SampleDelay() = default;
  explicit SampleDelay(std::size_t samples) : ring_(samples) {}

  float next(float x) noexcept {
    if (ring_.empty()) return x;
    const float old = ring_[at_];
    ring_[at_] = x;
    at_ = at_ + 1 == ring_.size() ? 0 : at_ + 1;
    return old;
  }
  void reset() noexcept {
    std::fill(ring_.begin(), ring_.end(), 0.0f);
    at_ = 0;
  }

 private:
  std::vector<float> ring_;
  std::size_t at_ = 0;
};

}  // namespace syrinx::enhance
