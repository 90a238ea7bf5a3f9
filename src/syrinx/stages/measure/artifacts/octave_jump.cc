// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/artifacts/detectors.h"

#include <algorithm>
#include <cmath>

namespace syrinx::measure::artifacts {

// Two steady stretches of 40 ms that touch and whose pitches lie an octave apart.
Scores octave_jump_scores(Signal signal) {
  constexpr std::size_t kSteady = 4;
  constexpr double kLeastClarity = 0.6;
  constexpr double kSteadyOctaves = 0.15;
  constexpr double kPauseDb = 15.0;  // Softer ends of phrases creak, which halves the pitch.
  const auto frames = periodicities(signal);
  const auto levels = levels_db(signal);
  const double gate_db = quantile(levels, 0.95) - kPauseDb;
  // The least clarity of a steady stretch, or 0 if it is none.
  const auto steady = [&](std::size_t first) {
    double clarity = 1.0;
    for (std::size_t i = first; i < first + kSteady; ++i) {
      if (frames[i].clarity < kLeastClarity || levels[i + 1] < gate_db) return 0.0;
      clarity = std::min(clarity, frames[i].clarity);
      if (i > first &&
          std::abs(std::log2(frames[i].period / frames[i - 1].period)) > kSteadyOctaves)
        return 0.0;
    }
    return clarity;
  };
  Scores scores(frames.size());
  for (std::size_t i = kSteady; i + kSteady + 2 < frames.size(); ++i) {
    for (std::size_t gap = 0; gap <= 2; ++gap) {
      const double clarity = std::min(steady(i - kSteady), steady(i + gap));
      if (clarity <= 0.0) continue;
      const double octaves = std::abs(std::log2(frames[i + gap].period / frames[i - 1].period));
      // A tracker that errs by an octave sees almost as good a match at half the longer period.
      const auto& slower =
          frames[i + gap].period > frames[i - 1].period ? frames[i + gap + 1] : frames[i - 2];
      const double real = 1.0 - std::max(0.0, slower.at_half) / slower.clarity;
      scores[i] = std::max(scores[i], clarity * real * (1.0 - std::abs(octaves - 1.0) / 0.4));
    }
  }
  return scores;
}

}  // namespace syrinx::measure::artifacts
