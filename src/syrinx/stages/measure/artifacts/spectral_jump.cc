// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/artifacts/detectors.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "syrinx/stages/measure/artifacts/resonance_envelopes.h"

namespace syrinx::measure::artifacts {

// Speech moves on from one sound to the next; a moment that went wrong stands between two that are
// alike. The score is by how many dB it is less like both than they are like each other, amid
// steady voice, where no onset or stop is.
Scores spectral_jump_scores(Signal signal) {
  constexpr std::size_t kNearest = 4;   // 20 ms
  constexpr std::size_t kFarthest = 7;  // 35 ms
  const double kApartWeight = getenv("P_W") ? atof(getenv("P_W")) : 1.0;
  Scores scores(hops_of(signal));
  const auto frames = resonance_envelopes(signal);
  const auto voiced = steadily_voiced(signal, frames.size());
  for (std::size_t i = kFarthest; i + kFarthest < frames.size(); ++i) {
    for (std::size_t away = kNearest; away <= kFarthest; ++away) {
      if (!voiced[i - away] || !voiced[i + away - 2]) continue;
      const auto& before = frames[i - away];
      const auto& after = frames[i + away];
      const double odd = std::min(unlikeness(frames[i], before), unlikeness(frames[i], after)) -
                         kApartWeight * unlikeness(before, after);
      const std::size_t hop = std::min(scores.size() - 1, (i + 2) * kEnvelopeHop / kHop);
      scores[hop] = std::max(scores[hop], odd);
    }
  }
  return scores;
}

}  // namespace syrinx::measure::artifacts
