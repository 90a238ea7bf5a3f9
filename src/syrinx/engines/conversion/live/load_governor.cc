// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/conversion/live/load_governor.h"

#include <algorithm>
#include <cmath>

namespace syrinx::conversion {

const char* to_string(LiveLevel level) noexcept {
  switch (level) {
    case LiveLevel::kHigh:
      return "high";
    case LiveLevel::kBalanced:
      return "balanced";
    case LiveLevel::kLow:
      return "low";
    case LiveLevel::kPassThrough:
      return "pass through";
  }
  return "pass through";
}

LoadGovernor::LoadGovernor(LiveLevel best, const GovernorOptions& options) noexcept
    : options_(options), best_(best), level_(best), needed_calm_s_(options.calm_s) {}

LiveLevel LoadGovernor::after_block(double block_s, double work_s) noexcept {
  const double weight = 1.0 - std::exp(-2.0 * block_s / options_.hold_s);
  load_ += weight * (work_s / block_s - load_);
  since_up_s_ += block_s;
  over_s_ = load_ >= options_.step_down_load ? over_s_ + block_s : 0.0;
  calm_s_ = load_ < options_.step_up_load ? calm_s_ + block_s : 0.0;
  if (over_s_ >= options_.hold_s && level_ != LiveLevel::kPassThrough) {
    const bool hasty = since_up_s_ < needed_calm_s_;
    needed_calm_s_ = hasty ? std::min(2.0 * needed_calm_s_, options_.most_calm_s) : options_.calm_s;
    change(1);
  } else if (calm_s_ >= needed_calm_s_ && level_ != best_) {
    since_up_s_ = 0.0;
    change(-1);
  }
  return level_;
}

// What was measured at one level says little about another.
void LoadGovernor::change(int steps) noexcept {
  level_ = static_cast<LiveLevel>(static_cast<int>(level_) + steps);
  load_ = options_.step_up_load;
  over_s_ = 0.0;
  calm_s_ = 0.0;
}

}  // namespace syrinx::conversion
