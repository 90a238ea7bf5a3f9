// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/artifacts/detectors.h"

#include <algorithm>
#include <cmath>

namespace syrinx::measure::artifacts {
namespace {

constexpr std::size_t kSize = 512;

double band_db(const std::vector<float>& spectrum, std::size_t first, std::size_t last) {
  double power = 0.0;
  for (std::size_t k = first; k < last; ++k)
    power += std::pow(10.0, static_cast<double>(spectrum[k]) / 10.0);
  return 10.0 * std::log10(power + 1e-9);
}

}  // namespace

// The mean over 100 ms of consonants (frames of the reference with more above 3 kHz than below) of
// what is missing above 3 kHz, once the difference in level of the whole is taken out.
Scores consonant_loss_scores(Signal signal, Signal reference) {
  constexpr std::size_t kSplitBin = 96;  // 3 kHz
  constexpr std::size_t kLastBin = 240;  // 7.5 kHz
  constexpr std::size_t kMean = 10;
  constexpr std::size_t kLeast = 5;
  const auto given = spectra_db(signal, kSize, kHop);
  const auto clean = spectra_db(reference, kSize, kHop);
  const auto loudest = [](Signal s) { return quantile(levels_db(s), 0.9); };
  const double gain_db = loudest(signal) - loudest(reference);
  std::vector<double> high_db;
  for (const auto& spectrum : clean) high_db.push_back(band_db(spectrum, kSplitBin, kLastBin));
  if (high_db.empty()) return Scores(hops_of(signal));
  const double gate_db = quantile(high_db, 0.97) - 20.0;
  std::vector<double> losses(clean.size());
  std::vector<bool> consonant(clean.size());
  for (std::size_t i = 0; i < clean.size(); ++i) {
    consonant[i] = high_db[i] > gate_db && high_db[i] > band_db(clean[i], 3, kSplitBin);
    losses[i] = high_db[i] + gain_db - band_db(given[i], kSplitBin, kLastBin);
  }
  Scores scores(hops_of(signal));
  for (std::size_t i = 0; i + kMean <= losses.size(); ++i) {
    double sum = 0.0;
    std::size_t count = 0;
    for (std::size_t j = i; j < i + kMean; ++j) {
      if (!consonant[j]) continue;
      sum += losses[j];
      ++count;
    }
    if (count >= kLeast) scores[i] = sum / static_cast<double>(count);
  }
  return scores;
}

}  // namespace syrinx::measure::artifacts
