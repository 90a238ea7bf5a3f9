// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>

namespace syrinx::packet {

// How much faster one clock runs than another, from the least transit of each second: the median
// slope between seconds some way apart (after Theil 1950 and Sen 1968), which a few jumps of delay
// do not move.
class ClockSkew {
 public:
  void take(double arrival_ms, double transit_ms) noexcept;
  void restart() noexcept;
  // d transit / d time; 0 until six seconds are known. Within ±0.03.
  double skew() const noexcept { return skew_; }

 private:
  struct Least {
    double time_ms = 0.0;
    double transit_ms = 0.0;
  };
  static constexpr std::size_t kSeconds = 64;

  void end_second() noexcept;
  void estimate() noexcept;

  std::array<Least, kSeconds> seconds_{};
  std::size_t next_ = 0;
  std::size_t count_ = 0;
  Least current_;
  double second_end_ms_ = 0.0;
  bool open_ = false;
  double skew_ = 0.0;
};

}  // namespace syrinx::packet
