// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/artifacts/detectors.h"

#include <algorithm>
#include <cmath>

namespace syrinx::measure::artifacts {

// Where every other period differs, two periods match better than one: energy stands halfway
// between the harmonics. The mean over 200 ms of voice. What repeats may be one period or two.
Scores interharmonic_scores(Signal signal) {
  constexpr double kLeastClarity = 0.6;
  constexpr std::size_t kMean = 20;
  constexpr std::size_t kLeast = 12;
  const auto frames = periodicities(signal);
  Scores scores(frames.size());
  for (std::size_t i = 0; i < frames.size(); ++i) {
    double sum = 0.0;
    double count = 0.0;
    for (std::size_t j = i; j < std::min(frames.size(), i + kMean); ++j) {
      if (std::max(frames[j].clarity, frames[j].at_double) < kLeastClarity) continue;
      const bool two = frames[j].at_half > 0.5;
      sum += two ? frames[j].clarity - frames[j].at_half : frames[j].at_double - frames[j].clarity;
      count += 1.0;
    }
    if (count >= kLeast) scores[i] = sum / count;
  }
  return scores;
}

}  // namespace syrinx::measure::artifacts
