// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/artifacts/detectors.h"

#include <algorithm>
#include <cmath>

namespace syrinx::measure::artifacts {

// The residual of speech has a peak per glottal period, at most 13 ms apart; a click has none like
// it in reach.
Scores click_scores(Signal signal) {
  constexpr std::size_t kOrder = 12;
  constexpr std::size_t kGuard = 24;   // 1.5 ms: the click's own ringing.
  constexpr std::size_t kReach = 400;  // 25 ms
  return isolated_peaks_db(lpc_residual(signal, kOrder), kGuard, kReach);
}

}  // namespace syrinx::measure::artifacts
