// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/artifacts/detectors.h"

#include <algorithm>
#include <cmath>

#include "syrinx/stages/measure/artifacts/formant_paths.h"

namespace syrinx::measure::artifacts {
namespace {

constexpr std::size_t kStep = 80;  // 5 ms

// How far a formant leaves both neighbours to the same side, in octaves, signed.
double excursion(double before, double here, double after) {
  const double in = std::log2(here / before);
  const double out = std::log2(here / after);
  if (in * out <= 0.0) return 0.0;
  const double apart = std::abs(std::log2(after / before));
  const double size = std::min(std::abs(in), std::abs(out)) - apart;
  return size <= 0.0 ? 0.0 : std::copysign(size, in);
}

}  // namespace

// A tongue cannot move and come back within 40 ms, and never moves all resonances alike. The score
// is how far F1 to F3 leave, together, where they were before and will be after, as Hz of an F2 of
// 1500 Hz.
Scores formant_jump_scores(Signal signal) {
  constexpr std::size_t kNearest = 3;
  constexpr std::size_t kFarthest = 6;
  constexpr double kVoiced = 0.7;
  constexpr double kOctaveHz = 1'500.0;
  const auto frames = formant_paths(signal, kStep, 0.03);
  const auto voices = periodicities(signal);
  Scores scores(voices.size());
  for (std::size_t i = kFarthest; i + kFarthest < frames.size(); ++i) {
    const std::size_t hop = i * kStep / kHop;
    // The window of a hop's periodicity begins with it and is 30 ms long.
    const std::size_t window = hop > 2 ? hop - 2 : 0;
    if (frames[i][0] <= 0.0 || voices[window].clarity < kVoiced) continue;
    for (std::size_t away = kNearest; away <= kFarthest; ++away) {
      const auto& before = frames[i - away];
      const auto& after = frames[i + away];
      if (before[0] <= 0.0 || after[0] <= 0.0) continue;
      double sum = 0.0;
      for (std::size_t k = 0; k < kPaths; ++k) sum += excursion(before[k], frames[i][k], after[k]);
      scores[hop] = std::max(scores[hop], kOctaveHz * std::abs(sum) / kPaths);
    }
  }
  return scores;
}

}  // namespace syrinx::measure::artifacts
