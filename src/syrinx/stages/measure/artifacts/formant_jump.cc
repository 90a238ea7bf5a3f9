// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/artifacts/detectors.h"

#include <algorithm>
#include <cmath>

#include "syrinx/stages/measure/artifacts/resonance_envelopes.h"

namespace syrinx::measure::artifacts {
namespace {

// By how many dB an envelope is more like `there` once it is moved, by up to half an octave.
double gain_of_moving(const ResonanceEnvelope& here, const ResonanceEnvelope& there) {
  constexpr int kMostShift = 8;
  const double still = unlikeness(here, there);
  double moved = still;
  for (int shift = 1; shift <= kMostShift; ++shift)
    moved = std::min({moved, unlikeness(here, there, shift), unlikeness(here, there, -shift)});
  return still - moved;
}

}  // namespace

// A mouth cannot change and come back within 70 ms, and never moves all resonances alike. The score
// is how much more like its surroundings a moment becomes by moving its resonances together, less
// how unlike the surroundings are among themselves. (Single formants, tracked, err too often: what
// a tracker takes for another formant jumps farther than any defect.)
Scores formant_jump_scores(Signal signal) {
  constexpr std::size_t kNearest = 4;   // 20 ms
  constexpr std::size_t kFarthest = 7;  // 35 ms
  constexpr double kApartWeight = 0.6;
  Scores scores(hops_of(signal));
  const auto frames = resonance_envelopes(signal);
  const auto voiced = steadily_voiced(signal, frames.size());
  for (std::size_t i = kFarthest; i + kFarthest < frames.size(); ++i) {
    for (std::size_t away = kNearest; away <= kFarthest; ++away) {
      if (!voiced[i - away] || !voiced[i + away - 2]) continue;
      const auto& before = frames[i - away];
      const auto& after = frames[i + away];
      ResonanceEnvelope around{};
      for (std::size_t k = 0; k < around.size(); ++k) around[k] = 0.5 * (before[k] + after[k]);
      const double score =
          gain_of_moving(frames[i], around) - kApartWeight * unlikeness(before, after);
      const std::size_t hop = std::min(scores.size() - 1, (i + 2) * kEnvelopeHop / kHop);
      scores[hop] = std::max(scores[hop], score);
    }
  }
  return scores;
}

}  // namespace syrinx::measure::artifacts
