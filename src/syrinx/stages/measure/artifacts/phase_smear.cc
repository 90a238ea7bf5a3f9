// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/artifacts/detectors.h"

#include <algorithm>
#include <cmath>

namespace syrinx::measure::artifacts {
namespace {

// The power of what linear prediction leaves, in the mean of the last 1 ms.
std::vector<double> residual_power(Signal signal) {
  constexpr std::size_t kOrder = 12;
  constexpr std::size_t kMean = 16;
  const auto residual = lpc_residual(signal, kOrder);
  const auto power = [&residual](std::size_t i) {
    return static_cast<double>(residual[i]) * static_cast<double>(residual[i]);
  };
  std::vector<double> means(residual.size());
  double sum = 0.0;
  for (std::size_t i = 0; i < residual.size(); ++i) {
    sum += power(i);
    if (i >= kMean) sum -= power(i - kMean);
    means[i] = std::max(0.0, sum / kMean);
  }
  return means;
}

// How far 30 ms of it are from standing in one place, in dB; 10 is spread out evenly.
double spread_db(const std::vector<double>& power, std::size_t start) {
  constexpr std::size_t kWindow = 480;
  constexpr double kEven = 10.0;
  double mean = 1e-15;
  double square = 1e-30;
  for (std::size_t i = start; i < start + kWindow; ++i) {
    mean += power[i] / kWindow;
    square += power[i] * power[i] / kWindow;
  }
  return kEven - 10.0 * std::log10(square / (mean * mean));
}

}  // namespace

// Each closing of the glottis excites all frequencies in the same instant; without their resonances
// they are one pulse per period, unless their group delays were made to differ. The score is the
// mean over 3 s of voice of how spread out the pulses are.
Scores phase_smear_scores(Signal signal) {
  constexpr std::size_t kSide = 150;
  constexpr std::size_t kLeast = 60;
  constexpr double kVoiced = 0.65;
  constexpr double kPauseDb = 15.0;
  const auto power = residual_power(signal);
  const auto voices = periodicities(signal);
  const auto levels = levels_db(signal);
  const double gate_db = quantile(levels, 0.95) - kPauseDb;
  std::vector<double> sums(voices.size() + 1);
  std::vector<std::size_t> counts(voices.size() + 1);
  for (std::size_t i = 0; i < voices.size(); ++i) {
    // Voiced, so the 30 ms from here on exist.
    const bool voiced = voices[i].clarity > kVoiced && levels[i + 1] > gate_db;
    sums[i + 1] = sums[i] + (voiced ? spread_db(power, i * kHop) : 0.0);
    counts[i + 1] = counts[i] + (voiced ? 1 : 0);
  }
  Scores scores(voices.size());
  for (std::size_t i = 0; i < voices.size(); ++i) {
    const std::size_t first = i > kSide ? i - kSide : 0;
    const std::size_t last = std::min(voices.size(), i + kSide);
    const std::size_t voiced = counts[last] - counts[first];
    if (voiced >= kLeast) scores[i] = (sums[last] - sums[first]) / static_cast<double>(voiced);
  }
  return scores;
}

}  // namespace syrinx::measure::artifacts
