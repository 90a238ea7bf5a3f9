// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/artifacts/detectors.h"

#include <algorithm>
#include <cmath>

namespace syrinx::measure::artifacts {

// The softest tenth of 2 s between 5 and 7.5 kHz, against the loud speech.
Scores high_noise_scores(Signal signal) {
  constexpr std::size_t kSize = 512;
  constexpr std::size_t kFirstBin = 160;
  constexpr std::size_t kLastBin = 240;
  constexpr std::size_t kSegment = 200;
  constexpr double kLowestDb = -80.0;
  const auto spectra = spectra_db(signal, kSize, kHop);
  const double loud_db = quantile(levels_db(signal), 0.95);
  constexpr double kSilentDb = -70.0;
  if (loud_db < kSilentDb) return Scores(hops_of(signal));
  std::vector<double> high_db;
  for (const auto& spectrum : spectra) {
    double power = 0.0;
    for (std::size_t k = kFirstBin; k < kLastBin; ++k)
      power += std::pow(10.0, static_cast<double>(spectrum[k]) / 10.0);
    // 0.375 is the mean square of the window; two sides.
    high_db.push_back(10.0 * std::log10(2.0 * power / (0.375 * kSize * kSize)));
  }
  Scores scores(hops_of(signal));
  for (std::size_t start = 0; start < high_db.size(); start += kSegment) {
    const auto from = high_db.begin() + static_cast<std::ptrdiff_t>(start);
    const auto length = std::min(kSegment, high_db.size() - start);
    if (length < kSegment / 4 && start > 0) break;
    const double floor_db =
        quantile({from, from + static_cast<std::ptrdiff_t>(length)}, 0.1) - loud_db;
    for (std::size_t i = start; i < start + length; ++i)
      scores[i] = std::max(0.0, floor_db - kLowestDb);
  }
  return scores;
}

}  // namespace syrinx::measure::artifacts
