// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/artifacts/detectors.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "syrinx/stages/measure/artifacts/formant_paths.h"

namespace syrinx::measure::artifacts {
namespace {

constexpr std::size_t kVowelFormants = 2;

// The median of `ratios` where `use`; 0 where there are none.
double median_of(const std::vector<double>& ratios, const std::vector<bool>& use, std::size_t first,
                 std::size_t last, std::size_t least) {
  std::vector<double> used;
  for (std::size_t i = first; i < last; ++i) {
    if (use[i]) used.push_back(ratios[i]);
  }
  return used.size() < std::max<std::size_t>(least, 1) ? 0.0 : quantile(used, 0.5);
}

}  // namespace

// How far the medians of F1 and F2 over 100 ms of voice lie from the reference's, in per cent, the
// mean of both, once the ratio that holds for the whole is taken out: another speaker is no defect.
Scores vowel_drift_scores(Signal signal, Signal reference) {
  constexpr std::size_t kMean = 10;
  constexpr std::size_t kLeast = 7;
  constexpr double kVoiced = 0.8;
  constexpr double kPauseDb = 20.0;
  constexpr double kMostOctaves = 0.45;
  const auto clean = formant_paths(reference, kHop, 0.05);
  const auto given = formants_near(clean, signal, kHop, 0.05, kMostOctaves);
  const auto voices = periodicities(reference);
  const auto levels = levels_db(reference);
  const double gate_db = quantile(levels, 0.95) - kPauseDb;
  const std::size_t hops = std::min(given.size(), clean.size());
  std::vector<bool> vowel(hops);
  for (std::size_t i = 0; i < hops; ++i)
    vowel[i] = given[i][0] > 0.0 && given[i][1] > 0.0 && levels[i] > gate_db &&
               voices[i > 2 ? i - 2 : 0].clarity > kVoiced;
  Scores scores(hops_of(signal));
  for (std::size_t k = 0; k < kVowelFormants; ++k) {
    std::vector<double> ratios(hops);
    for (std::size_t i = 0; i < hops; ++i) {
      if (vowel[i]) ratios[i] = std::log(given[i][k] / clean[i][k]);
    }
    const double whole = median_of(ratios, vowel, 0, hops, 1);
    for (std::size_t i = 0; i + kMean <= hops; ++i) {
      const double here = median_of(ratios, vowel, i, i + kMean, kLeast);
      if (here != 0.0) scores[i] += 100.0 * std::abs(here - whole) / kVowelFormants;
    }
  }
  return scores;
}

}  // namespace syrinx::measure::artifacts
