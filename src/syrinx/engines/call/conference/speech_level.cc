// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/call/conference/speech_level.h"

#include <algorithm>
#include <cmath>

namespace syrinx::call {
namespace {

constexpr double kAboveFloorDb = 9.0;
constexpr double kLeastDb = -55.0;         // What is quieter is no speech.
constexpr double kHighestFloorDb = -45.0;  // What is louder is no background.
constexpr double kLowestFloorDb = -80.0;
constexpr double kFloorRiseDbPerMs = 0.003;
constexpr double kFloorFall = 0.3;  // Per block, of the way down.
constexpr double kAttackMs = 20.0;
constexpr double kReleaseMs = 300.0;
constexpr int kHangOverMs = 300;  // Pauses within speech.

}  // namespace

void SpeechLevel::take(double power, int block_ms) noexcept {
  const double now_db = 10.0 * std::log10(std::max(power, 1e-10));
  const double time_ms = now_db > level_db_ ? kAttackMs : kReleaseMs;
  level_db_ += (now_db - level_db_) * (1.0 - std::exp(-block_ms / time_ms));
  // What did not come at all says nothing of the background.
  if (power > 0.0) {
    floor_db_ +=
        now_db < floor_db_ ? kFloorFall * (now_db - floor_db_) : kFloorRiseDbPerMs * block_ms;
    floor_db_ = std::clamp(floor_db_, kLowestFloorDb, kHighestFloorDb);
  }
  in_speech_ = now_db > std::max(floor_db_ + kAboveFloorDb, kLeastDb);
  hang_over_ms_ = in_speech_ ? kHangOverMs : std::max(0, hang_over_ms_ - block_ms);
  spoken_ms_ = speaking() ? std::min(spoken_ms_ + block_ms, 1'000'000) : 0;
}

}  // namespace syrinx::call
