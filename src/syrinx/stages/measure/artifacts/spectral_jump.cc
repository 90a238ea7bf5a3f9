// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/artifacts/detectors.h"

#include <algorithm>
#include <cmath>

#include "syrinx/stages/measure/artifacts/band_levels.h"
#include "syrinx/stages/measure/artifacts/resonance_envelopes.h"

namespace syrinx::measure::artifacts {
namespace {

constexpr BandSpec kSpec{320, kEnvelopeHop, 150.0, 7'000.0};

// The mean difference in dB, level and slope over the bands taken out: a closing mouth changes
// these.
double band_unlikeness(const BandLevels& a, const BandLevels& b) {
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

std::vector<BandLevels> heard_levels(Signal signal) {
  constexpr double kHeardDb = 45.0;  // Under the loudest band, what a band holds is not heard.
  auto frames = band_levels_db(signal, kSpec);
  for (BandLevels& levels : frames) {
    const double floor_db = *std::max_element(levels.begin(), levels.end()) - kHeardDb;
    for (double& level : levels) level = std::max(level, floor_db);
  }
  return frames;
}

}  // namespace

// Speech moves on from one sound to the next; a moment that went wrong stands between two that are
// alike. The score is by how many dB it is less like both than they are like each other, amid
// steady voice, where no onset or stop is.
Scores spectral_jump_scores(Signal signal) {
  constexpr std::size_t kNearest = 4;   // 20 ms: the width of a window.
  constexpr std::size_t kFarthest = 8;  // 40 ms
  Scores scores(hops_of(signal));
  const auto frames = heard_levels(signal);
  const auto voiced = steadily_voiced(signal, frames.size());
  for (std::size_t i = kFarthest; i + kFarthest < frames.size(); ++i) {
    for (std::size_t away = kNearest; away <= kFarthest; ++away) {
      if (!voiced[i - away] || !voiced[i + away - 2]) continue;
      const auto& before = frames[i - away];
      const auto& after = frames[i + away];
      const double odd =
          std::min(band_unlikeness(before, frames[i]), band_unlikeness(frames[i], after)) -
          band_unlikeness(before, after);
      const std::size_t hop = std::min(scores.size() - 1, (i + 2) * kEnvelopeHop / kHop);
      scores[hop] = std::max(scores[hop], odd);
    }
  }
  return scores;
}

}  // namespace syrinx::measure::artifacts
