// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/artifacts/detectors.h"

#include <algorithm>
#include <cmath>

namespace syrinx::measure::artifacts {

// 5 ms that are louder than all that lies 30 to 80 ms before and after, and than speech is here.
Scores energy_spike_scores(Signal signal) {
  constexpr std::size_t kPart = kHop / 2;
  constexpr std::ptrdiff_t kNear = 6;
  constexpr std::ptrdiff_t kFar = 16;
  const auto levels = levels_db(signal, kPart);
  const double loud_db = quantile(levels, 0.95);
  const auto loudest = [&](std::ptrdiff_t first, std::ptrdiff_t last) {
    double most = -100.0;
    for (auto i = std::max<std::ptrdiff_t>(first, 0); i < std::min(last, std::ssize(levels)); ++i)
      most = std::max(most, levels[static_cast<std::size_t>(i)]);
    return most;
  };
  Scores scores(hops_of(signal));
  for (std::size_t i = 0; i < levels.size(); ++i) {
    const auto at = static_cast<std::ptrdiff_t>(i);
    const double nearby =
        std::max(loudest(at - kFar, at - kNear + 1), loudest(at + kNear, at + kFar + 1));
    const double over = std::min(levels[i] - nearby, levels[i] - loud_db + 6.0);
    scores[i / 2] = std::max(scores[i / 2], over);
  }
  return scores;
}

}  // namespace syrinx::measure::artifacts
