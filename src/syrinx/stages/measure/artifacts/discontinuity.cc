// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/artifacts/detectors.h"

#include <algorithm>
#include <cmath>

namespace syrinx::measure::artifacts {

// A jump of the waveform is one outlier of the prediction error, as large as the jump; a predictor
// of order 3 is too short to follow formants and so does not ring.
Scores discontinuity_scores(Signal signal) {
  constexpr std::size_t kOrder = 3;
  constexpr std::size_t kGuard = 8;
  constexpr std::size_t kReach = 320;  // 20 ms
  return isolated_peaks_db(lpc_residual(signal, kOrder), kGuard, kReach);
}

}  // namespace syrinx::measure::artifacts
