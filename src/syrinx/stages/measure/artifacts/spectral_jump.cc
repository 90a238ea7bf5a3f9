// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/artifacts/detectors.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "syrinx/stages/measure/artifacts/band_levels.h"

namespace syrinx::measure::artifacts {
namespace {

constexpr BandSpec kSpec;

// Takes the level and the slope over the bands out of a difference: a closing mouth changes these.
double unlikeness(const BandLevels& a, const BandLevels& b) {
  constexpr double kMiddle = 0.5 * (kBands - 1);
  double mean = 0.0;
  double slope = 0.0;
  double spread = 0.0;
  for (std::size_t i = 0; i < kBands; ++i) {
    const double x = static_cast<double>(i) - kMiddle;
    mean += (a[i] - b[i]) / kBands;
    slope += (a[i] - b[i]) * x;
    spread += x * x;
  }
  slope /= spread;
  double sum = 0.0;
  for (std::size_t i = 0; i < kBands; ++i)
    sum += std::abs(a[i] - b[i] - mean - slope * (static_cast<double>(i) - kMiddle));
  return sum / kBands;
}

double loudness_of(const BandLevels& levels) {
  return *std::max_element(levels.begin(), levels.end());
}

}  // namespace

// Speech moves on from one sound to the next; a frame that went wrong stands between two that are
// alike. The score is how much less alike it is to both than they are to each other.
Scores spectral_jump_scores(Signal signal) {
  constexpr std::size_t kFramesPerHop = kHop / kSpec.hop;
  constexpr std::size_t kNearest = 4;   // 20 ms: the width of a window.
  constexpr std::size_t kFarthest = 8;  // 40 ms
  constexpr double kPauseDb = 25.0;
  constexpr double kDipDb = 10.0;
  constexpr double kHeardDb = 45.0;  // Under the loudest band, what a band holds is not heard.
  auto frames = band_levels_db(signal, kSpec);
  for (BandLevels& levels : frames) {
    const double floor_db = loudness_of(levels) - kHeardDb;
    for (double& level : levels) level = std::max(level, floor_db);
  }
  Scores scores(hops_of(signal));
  if (frames.size() <= 2 * kFarthest) return scores;
  std::vector<double> loudness(frames.size());
  std::transform(frames.begin(), frames.end(), loudness.begin(), loudness_of);
  const double gate_db = quantile(loudness, 0.95) - kPauseDb;
  for (std::size_t i = kFarthest; i + kFarthest < frames.size(); ++i) {
    for (std::size_t away = kNearest; away <= kFarthest; ++away) {
      const std::size_t before = i - away;
      const std::size_t after = i + away;
      const double around = std::min(loudness[before], loudness[after]);
      if (around < gate_db || loudness[i] < around - kDipDb) continue;
      const double odd =
          std::min(unlikeness(frames[before], frames[i]), unlikeness(frames[i], frames[after])) -
          unlikeness(frames[before], frames[after]);
      const std::size_t hop =
          std::min(scores.size() - 1, (i + kSpec.size / kSpec.hop / 2) / kFramesPerHop);
      scores[hop] = std::max(scores[hop], odd);
    }
  }
  return scores;
}

}  // namespace syrinx::measure::artifacts
