// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/artifacts/detectors.h"

#include <algorithm>
#include <cmath>

namespace syrinx::measure::artifacts {

// Compares the mean power of the speech in the 1.5 s before and after, pauses left out.
Scores loudness_jump_scores(Signal signal) {
  constexpr std::size_t kSide = 150;
  constexpr std::size_t kLeastActive = 50;
  constexpr double kPauseDb = 30.0;
  const auto levels = levels_db(signal);
  const double gate_db = quantile(levels, 0.95) - kPauseDb;
  const auto mean_db = [&](std::size_t first, std::size_t last, std::size_t& active) {
    double power = 0.0;
    active = 0;
    for (std::size_t i = first; i < last; ++i) {
      if (levels[i] < gate_db) continue;
      power += std::pow(10.0, levels[i] / 10.0);
      ++active;
    }
    return 10.0 * std::log10(power / static_cast<double>(std::max<std::size_t>(active, 1)) + 1e-10);
  };
  Scores scores(levels.size());
  for (std::size_t i = kLeastActive; i + kLeastActive <= levels.size(); ++i) {
    std::size_t before = 0;
    std::size_t after = 0;
    const double then = mean_db(i > kSide ? i - kSide : 0, i, before);
    const double now = mean_db(i, std::min(levels.size(), i + kSide), after);
    if (before >= kLeastActive && after >= kLeastActive) scores[i] = std::abs(now - then);
  }
  return scores;
}

}  // namespace syrinx::measure::artifacts
