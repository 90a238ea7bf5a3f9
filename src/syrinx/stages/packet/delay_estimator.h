// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>

#include "syrinx/stages/packet/clock_skew.h"
#include "syrinx/stages/packet/jitter_buffer.h"

namespace syrinx::packet {

// How late packets come, as shares that sum to 1 and forget. In buckets of 5 ms.
class DelayHistogram {
 public:
  static constexpr std::size_t kBuckets = 128;
  static constexpr double kBucketMs = 5.0;

  explicit DelayHistogram(double forget) noexcept : forget_(forget) {}
  void take(double delay_ms) noexcept;
  // Moves everything by one bucket: all delays are that much shorter than was thought.
  void shift_down() noexcept;
  // The delay that this share of the packets stays within.
  double quantile_ms(double share) const noexcept;
  // The delay at which delay plus `ms_per_percent` for each percent that comes later is least.
  double cheapest_ms(double ms_per_percent) const noexcept;

 private:
  std::array<double, kBuckets> shares_{};
  double forget_;
  double seen_ = 0.0;
};

// From when packets come, how long to wait for them. Transits are arrival minus media time, in ms
// with any origin; the base is the least of the last two seconds, corrected by the clocks' skew.
// Delays are relative to it.
class DelayEstimator {
 public:
  explicit DelayEstimator(const JitterBufferOptions& options) noexcept;

  // Returns the packet's delay.
  double take(double arrival_ms, double transit_ms) noexcept;
  // Forgets the base but not how much delays vary: the media time has a new origin.
  void rebase() noexcept;

  bool has_base() const noexcept { return count_ > 0; }
  double base_ms(double now_ms) const noexcept;
  double target_ms() const noexcept { return target_ms_; }
  double skew() const noexcept { return skew_.skew(); }

 private:
  struct Transit {
    double arrival_ms = 0.0;
    double transit_ms = 0.0;
  };
  static constexpr std::size_t kWindow = 256;

  double least_in_window(double now_ms) const noexcept;
  void follow_base(double moved_ms) noexcept;
  void choose_target() noexcept;

  JitterBufferOptions options_;
  double quantile_;
  double ms_per_percent_;
  DelayHistogram quick_;
  DelayHistogram slow_;
  ClockSkew skew_;
  std::array<Transit, kWindow> window_{};
  std::size_t next_ = 0;
  std::size_t count_ = 0;
  double base_ms_ = 0.0;  // At last_ms_.
  double last_ms_ = 0.0;
  double first_ms_ = 0.0;
  bool seen_any_ = false;
  double moved_ms_ = 0.0;  // Of the base, since the histograms were moved.
  double target_ms_;
};

}  // namespace syrinx::packet
