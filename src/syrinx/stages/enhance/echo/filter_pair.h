// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "syrinx/core/base/realtime.h"
#include "syrinx/core/base/result.h"
#include "syrinx/stages/enhance/echo/kalman_filter.h"
#include "syrinx/stages/enhance/echo/quick_filter.h"

namespace syrinx::enhance {

// The filter that is heard and the quick one beside it (two-path model: Ochiai, Araseki and
// Ogihara 1977): when the quick one leaves clearly less, the room has changed, and what it found
// replaces what was heard.
class FilterPair {
 public:
  static Result<FilterPair> create(std::size_t block_samples, std::size_t partitions);

  enum class Outcome { kKept, kReplaced };
  // Estimates the echo in `near` and what is left without it, then learns if `learn`.
  // Pre: all spans have block_samples; history holds delay + partitions() blocks.
  Outcome process(const FarHistory& history, std::size_t delay, std::span<const float> near,
                  bool learn, std::span<float> echo,
                  std::span<float> error) noexcept SYRINX_REALTIME;

  std::size_t partitions() const noexcept { return heard_.filter().partitions(); }
  const KalmanFilter& heard() const noexcept { return heard_; }
  const QuickFilter& quick() const noexcept { return quick_; }
  void shift(int blocks) noexcept SYRINX_REALTIME;
  void reset() noexcept SYRINX_REALTIME;

 private:
  FilterPair(KalmanFilter heard, QuickFilter quick, std::size_t block_samples);
  void use_quick(std::span<const float> near, std::span<float> echo,
                 std::span<float> error) noexcept;
  Outcome compare(std::span<const float> near, std::span<float> echo,
                  std::span<float> error) noexcept;

  KalmanFilter heard_;
  QuickFilter quick_;
  std::vector<float> quick_echo_;
  std::vector<float> quick_error_;
  float near_power_ = 0.0F;
  float heard_power_ = 0.0F;
  float quick_power_ = 0.0F;
  int better_blocks_ = 0;    // That the quick filter left clearly less.
  int worse_blocks_ = 0;     // That it left clearly more.
  int diverged_blocks_ = 0;  // That the heard one left more than there was.
};

}  // namespace syrinx::enhance
