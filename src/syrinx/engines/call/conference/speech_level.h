// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "syrinx/core/base/realtime.h"

namespace syrinx::call {

// How loud a leg speaks and whether it does, from the power of its blocks: a floor that follows
// what is quietest, and speech that stands out from it. One thread.
class SpeechLevel {
 public:
  // `power`: the mean square of a block of `block_ms`.
  void take(double power, int block_ms) noexcept SYRINX_REALTIME;
  // Nothing came in this block.
  void pass(int block_ms) noexcept SYRINX_REALTIME { take(0.0, block_ms); }
  void reset() noexcept SYRINX_REALTIME { *this = SpeechLevel(); }

  bool speaking() const noexcept { return hang_over_ms_ > 0; }
  int spoken_ms() const noexcept { return spoken_ms_; }   // Since it began; 0 while it does not.
  bool in_speech() const noexcept { return in_speech_; }  // The last block itself.
  double level_db() const noexcept { return level_db_; }  // Smoothed; 0 is full scale.
  double floor_db() const noexcept { return floor_db_; }

 private:
  double level_db_ = -100.0;
  double floor_db_ = -70.0;
  int hang_over_ms_ = 0;
  int spoken_ms_ = 0;
  bool in_speech_ = false;
};

}  // namespace syrinx::call
