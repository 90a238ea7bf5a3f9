// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/artifacts/detectors.h"

#include <algorithm>
#include <cmath>

namespace syrinx::measure::artifacts {
namespace {

constexpr std::size_t kSize = 256;
constexpr std::size_t kStep = 80;  // 5 ms
constexpr std::size_t kBands = 20;

// Mean levels of 20 bands over the Bark-like square root of frequency, less their own mean.
std::vector<double> timbre(const std::vector<float>& spectrum) {
  std::vector<double> bands(kBands);
  std::vector<double> bins(kBands);
  const float floor_db = *std::max_element(spectrum.begin(), spectrum.end()) - 45.0f;
  for (std::size_t k = 2; k < spectrum.size(); ++k) {
    const double x = std::sqrt(static_cast<double>(k) / static_cast<double>(spectrum.size()));
    const auto band = static_cast<std::size_t>(x * kBands);
    bands[band] += static_cast<double>(std::max(spectrum[k], floor_db));
    bins[band] += 1.0;
  }
  double mean = 0.0;
  for (std::size_t b = 0; b < kBands; ++b) {
    bands[b] /= std::max(1.0, bins[b]);
    mean += bands[b] / kBands;
  }
  for (double& band : bands) band -= mean;
  return bands;
}

double distance(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return std::sqrt(sum / static_cast<double>(a.size()));
}

}  // namespace

// How much more the timbre changes across an instant than just before and after it, where the
// level stays (an onset may change it).
Scores spectral_jump_scores(Signal signal) {
  constexpr double kPauseDb = 25.0;
  constexpr double kOnsetDb = 8.0;
  const auto spectra = spectra_db(signal, kSize, kStep);
  std::vector<std::vector<double>> timbres;
  for (const auto& spectrum : spectra) timbres.push_back(timbre(spectrum));
  const auto levels = levels_db(signal);
  const double gate_db = quantile(levels, 0.95) - kPauseDb;
  Scores scores(levels.size());
  for (std::size_t i = 6; i + 6 < timbres.size(); ++i) {
    const std::size_t hop = (i * kStep + kSize / 2) / kHop;
    if (hop == 0 || hop + 1 >= levels.size()) continue;
    const double before_db = levels[hop - 1];
    const double after_db = levels[hop + 1];
    if (std::min(before_db, after_db) < gate_db || std::abs(before_db - after_db) > kOnsetDb)
      continue;
    const double across = distance(timbres[i - 2], timbres[i + 2]);
    const double usual = std::max(distance(timbres[i - 6], timbres[i - 2]),
                                  distance(timbres[i + 2], timbres[i + 6]));
    scores[hop] = std::max(scores[hop], across - usual);
  }
  return scores;
}

}  // namespace syrinx::measure::artifacts
