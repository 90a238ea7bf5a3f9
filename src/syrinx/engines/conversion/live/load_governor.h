// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "syrinx/core/base/realtime.h"
#include "syrinx/engines/conversion/live/live_snapshot.h"

namespace syrinx::conversion {

// When to step down and up. Load is the time that work took over the time that there was.
struct GovernorOptions {
  double step_down_load = 0.85;  // At or above it for hold_s: down.
  double step_up_load = 0.5;     // Below it for calm_s: up.
  double hold_s = 0.4;
  double calm_s = 5.0;         // Doubles with each step up that did not last as long,
  double most_calm_s = 120.0;  // up to this.
};

// Decides, from how long each block took, at which level a conversion can keep up. No clocks of its
// own: all time comes in with the blocks.
class LoadGovernor {
 public:
  LoadGovernor(LiveLevel best, const GovernorOptions& options) noexcept;

  LiveLevel level() const noexcept { return level_; }
  double load() const noexcept { return load_; }  // Smoothed over hold_s.

  // One block of `block_s` seconds of sound took `work_s` seconds at level(). Returns the level
  // for the next.
  LiveLevel after_block(double block_s, double work_s) noexcept SYRINX_REALTIME;

 private:
  void change(int steps) noexcept;

  GovernorOptions options_;
  LiveLevel best_;
  LiveLevel level_;
  double load_ = 0.0;
  double over_s_ = 0.0;  // How long the load has been too high,
  double calm_s_ = 0.0;  // or low.
  double needed_calm_s_;
  double since_up_s_ = 1e9;
};

}  // namespace syrinx::conversion
