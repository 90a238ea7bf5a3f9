// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>

#include "syrinx/core/base/realtime.h"

namespace syrinx::call {

// The gain that brings a leg's speech to a level, slowly, as a hand at a fader would: it moves only
// while there is speech, so pauses and noise are not raised. One thread.
class LevelRider {
 public:
  static constexpr double kMostDb = 15.0;  // Either way.
  static constexpr double kDbPerSecond = 4.0;

  // A block of speech whose smoothed level is this.
  void speech(double level_db, double target_db, int block_ms) noexcept SYRINX_REALTIME {
    const double wanted = std::clamp(target_db - level_db, -kMostDb, kMostDb);
    const double most = kDbPerSecond * block_ms / 1'000.0;
    gain_db_ += std::clamp(wanted - gain_db_, -most, most);
  }
  double gain_db() const noexcept { return gain_db_; }
  void reset() noexcept { gain_db_ = 0.0; }

 private:
  double gain_db_ = 0.0;
};

}  // namespace syrinx::call
