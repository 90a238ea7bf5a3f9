// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "syrinx/stages/voice/world/voice_frames.h"

namespace syrinx::voice {

inline constexpr std::size_t kFormants = 4;
using Formants = std::array<double, kFormants>;  // F1 to F4 in Hz; 0 for one that is not known.

// Reads the formants off the envelope of a voiced frame, by linear prediction of what lies below
// 5.5 kHz. Not in real time. Any thread.
class FormantFinder {
 public:
  explicit FormantFinder(const FrameShape& shape);

  // All four, or all 0 where the envelope does not have them all.
  Formants find(std::span<const float> power) const;

 private:
  std::size_t bins_;             // Below the top.
  std::vector<double> weight_;   // Of each: the emphasis of high frequencies.
  std::vector<double> cosines_;  // [bins][lags]
  double rate_hz_;               // Twice the top.
};

}  // namespace syrinx::voice
