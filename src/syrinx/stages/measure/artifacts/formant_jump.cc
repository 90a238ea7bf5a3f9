// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/artifacts/detectors.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "syrinx/stages/measure/artifacts/formant_paths.h"

namespace syrinx::measure::artifacts {
namespace {

constexpr std::size_t kStep = 80;  // 5 ms

double median_of(double a, double b, double c) {
  return std::max(std::min(a, b), std::min(std::max(a, b), c));
}

// The medians over three frames, which a path that errs once does not move.
std::vector<FormantFrame> smoothed(const std::vector<FormantFrame>& frames) {
  auto result = frames;
  for (std::size_t i = 1; i + 1 < frames.size(); ++i) {
    for (std::size_t k = 0; k < kPaths; ++k)
      result[i][k] = median_of(frames[i - 1][k], frames[i][k], frames[i + 1][k]);
  }
  return result;
}

// How far a formant leaves both neighbours to the same side, in octaves, signed; 0 for so far that
// the path must have taken another formant for it.
double excursion(double before, double here, double after) {
  constexpr double kMostOctaves = 0.6;
  const double in = std::log2(here / before);
  const double out = std::log2(here / after);
  if (in * out <= 0.0) return 0.0;
  const double apart = std::abs(std::log2(after / before));
  const double size = std::min(std::abs(in), std::abs(out)) - apart;
  return size <= 0.0 || size > kMostOctaves ? 0.0 : std::copysign(size, in);
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
  const auto frames = smoothed(formant_paths(signal, kStep, 0.03));
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
      std::array<double, kPaths> moves{};
      for (std::size_t k = 0; k < kPaths; ++k)
        moves[k] = excursion(before[k], frames[i][k], after[k]);
      const double move = std::abs(median_of(moves[0], moves[1], moves[2]));
      scores[hop] = std::max(scores[hop], kOctaveHz * move);
    }
  }
  return scores;
}

}  // namespace syrinx::measure::artifacts
