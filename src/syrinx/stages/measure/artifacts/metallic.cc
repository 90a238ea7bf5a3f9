// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/artifacts/detectors.h"

#include <algorithm>
#include <cmath>

#include <complex>
#include <numbers>

namespace syrinx::measure::artifacts {
namespace {

constexpr std::size_t kSize = 1'024;
constexpr std::size_t kFirstBin = 80;  // 1.25 kHz: below, harmonics of a level pitch would show.
constexpr std::size_t kLastBin = 460;  // 7.2 kHz

// The largest ripple of a mean spectrum over frequency, in dB, with 80 to 500 Hz from crest to
// crest, over what ripple is common in it.
double ripple_db(std::vector<double> mean_db) {
  constexpr std::size_t kSmooth = 20;
  std::vector<double> ripple(kLastBin - kFirstBin);
  for (std::size_t i = 0; i < ripple.size(); ++i) {
    double around = 0.0;
    for (std::size_t k = kFirstBin + i - kSmooth; k <= kFirstBin + i + kSmooth; ++k)
      around += mean_db[k] / (2 * kSmooth + 1);
    const double window =
        std::sin(std::numbers::pi * static_cast<double>(i) / static_cast<double>(ripple.size()));
    ripple[i] = (mean_db[kFirstBin + i] - around) * window;
  }
  std::vector<double> amplitudes;
  constexpr double kBinHz = static_cast<double>(kRateHz) / kSize;
  for (double quefrency_s = 0.002; quefrency_s <= 0.0125; quefrency_s += 0.0001) {
    std::complex<double> sum;
    for (std::size_t i = 0; i < ripple.size(); ++i) {
      const double phase = 2 * std::numbers::pi * quefrency_s * kBinHz * static_cast<double>(i);
      sum += ripple[i] * std::polar(1.0, phase);
    }
    amplitudes.push_back(std::abs(sum) * std::numbers::pi / static_cast<double>(ripple.size()));
  }
  const double usual = quantile(amplitudes, 0.5);
  return *std::max_element(amplitudes.begin(), amplitudes.end()) - 2.0 * usual;
}

}  // namespace

// The mean spectrum of 3 s of speech is smooth at high frequencies, as the pitch moves; fixed
// resonances stand in it.
Scores metallic_scores(Signal signal) {
  constexpr std::size_t kSegment = 300;
  const auto spectra = spectra_db(signal, kSize, kHop);
  const auto levels = levels_db(signal);
  const double gate_db = quantile(levels, 0.95) - 35.0;
  Scores scores(levels.size());
  for (std::size_t start = 0; start < spectra.size(); start += kSegment) {
    std::size_t end = std::min(start + kSegment, spectra.size());
    if (spectra.size() - end < kSegment / 2) end = spectra.size();
    std::vector<double> mean_db(kSize / 2 + 1);
    double frames = 0.0;
    for (std::size_t i = start; i < end; ++i) {
      if (levels[std::min(levels.size() - 1, i + 3)] < gate_db) continue;
      frames += 1.0;
      for (std::size_t k = 0; k < mean_db.size(); ++k)
        mean_db[k] += static_cast<double>(spectra[i][k]);
    }
    if (frames < 50.0) continue;
    for (double& level : mean_db) level /= frames;
    const double score = ripple_db(mean_db);
    for (std::size_t i = start; i < end; ++i) scores[i] = score;
    if (end == spectra.size()) break;
  }
  return scores;
}

}  // namespace syrinx::measure::artifacts
