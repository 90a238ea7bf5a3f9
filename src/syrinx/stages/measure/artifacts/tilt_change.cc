// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/artifacts/detectors.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "syrinx/stages/measure/artifacts/band_levels.h"

namespace syrinx::measure::artifacts {
namespace {

constexpr BandSpec kSpec{512, kHop, 250.0, 6'500.0};

// In dB per octave.
double slope_of(const BandLevels& levels, const BandLevels& octaves) {
  const double centre = std::accumulate(octaves.begin(), octaves.end(), 0.0) / kBands;
  double product = 0.0;
  double spread = 0.0;
  for (std::size_t b = 0; b < kBands; ++b) {
    product += (octaves[b] - centre) * levels[b];
    spread += (octaves[b] - centre) * (octaves[b] - centre);
  }
  return product / spread;
}

}  // namespace

// The difference in dB per octave between the mean slopes of the voiced frames before and after.
Scores tilt_change_scores(Signal signal) {
  constexpr std::size_t kSide = 200;
  constexpr std::size_t kLeastVoiced = 50;
  constexpr double kVoiced = 0.7;
  const auto frames = band_levels_db(signal, kSpec);
  const auto voices = periodicities(signal);
  const auto octaves = band_octaves(kSpec);
  std::vector<double> sums(frames.size() + 1);
  std::vector<std::size_t> counts(frames.size() + 1);
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const bool voiced = voices[i].clarity > kVoiced;
    sums[i + 1] = sums[i] + (voiced ? slope_of(frames[i], octaves) : 0.0);
    counts[i + 1] = counts[i] + (voiced ? 1 : 0);
  }
  Scores scores(hops_of(signal));
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const std::size_t first = i > kSide ? i - kSide : 0;
    const std::size_t last = std::min(frames.size(), i + kSide);
    const std::size_t before = counts[i] - counts[first];
    const std::size_t after = counts[last] - counts[i];
    if (before < kLeastVoiced || after < kLeastVoiced) continue;
    scores[i] = std::abs((sums[last] - sums[i]) / static_cast<double>(after) -
                         (sums[i] - sums[first]) / static_cast<double>(before));
  }
  return scores;
}

}  // namespace syrinx::measure::artifacts
