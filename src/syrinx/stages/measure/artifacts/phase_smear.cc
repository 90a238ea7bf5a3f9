// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/artifacts/detectors.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "syrinx/core/dsp/biquad.h"

namespace syrinx::measure::artifacts {
namespace {

constexpr std::size_t kEnvelopes = 4;
constexpr std::array<double, kEnvelopes + 1> kEdgesHz = {600.0, 1'100.0, 1'800.0, 2'700.0, 4'000.0};
constexpr std::size_t kWindow = 480;

std::vector<float> envelope_of(Signal signal, double low_hz, double high_hz) {
  const auto high = dsp::high_pass({kRateHz, low_hz, 0.7, 0.0}).value();
  const auto low = dsp::low_pass({kRateHz, high_hz, 0.7, 0.0}).value();
  const auto smooth = dsp::low_pass({kRateHz, 500.0, 0.7, 0.0}).value();
  const dsp::Biquad band[] = {high, high, low, low};
  std::vector<float> envelope(signal.begin(), signal.end());
  dsp::BiquadCascade::create(band, 1).value().process(envelope, 0);
  for (float& x : envelope) x = std::abs(x);
  dsp::BiquadCascade::create({&smooth, 1}, 1).value().process(envelope, 0);
  return envelope;
}

double correlation(Signal a, Signal b, std::size_t start) {
  double mean_a = 0.0;
  double mean_b = 0.0;
  for (std::size_t i = start; i < start + kWindow; ++i) {
    mean_a += static_cast<double>(a[i]) / kWindow;
    mean_b += static_cast<double>(b[i]) / kWindow;
  }
  double product = 0.0;
  double power_a = 1e-12;
  double power_b = 1e-12;
  for (std::size_t i = start; i < start + kWindow; ++i) {
    const double x = static_cast<double>(a[i]) - mean_a;
    const double y = static_cast<double>(b[i]) - mean_b;
    product += x * y;
    power_a += x * x;
    power_b += y * y;
  }
  return product / std::sqrt(power_a * power_b);
}

}  // namespace

// Each closing of the glottis rings in all bands at once, so their envelopes rise together, unless
// they were delayed differently. The score is 1 less the mean correlation of neighbouring bands
// over 3 s of voice.
Scores phase_smear_scores(Signal signal) {
  constexpr std::size_t kSide = 150;
  constexpr std::size_t kLeast = 60;
  constexpr double kVoiced = 0.8;
  std::array<std::vector<float>, kEnvelopes> envelopes;
  for (std::size_t b = 0; b < kEnvelopes; ++b)
    envelopes[b] = envelope_of(signal, kEdgesHz[b], kEdgesHz[b + 1]);
  const auto voices = periodicities(signal);
  const auto levels = levels_db(signal);
  constexpr double kPauseDb = 15.0;
  const double gate_db = quantile(levels, 0.95) - kPauseDb;
  std::vector<double> sums(voices.size() + 1);
  std::vector<std::size_t> counts(voices.size() + 1);
  for (std::size_t i = 0; i < voices.size(); ++i) {
    const bool voiced = voices[i].clarity > kVoiced && levels[i + 1] > gate_db;
    double together = 0.0;
    for (std::size_t b = 1; voiced && b < kEnvelopes; ++b)
      together += correlation(envelopes[b - 1], envelopes[b], i * kHop) / (kEnvelopes - 1);
    sums[i + 1] = sums[i] + together;
    counts[i + 1] = counts[i] + (voiced ? 1 : 0);
  }
  Scores scores(voices.size());
  for (std::size_t i = 0; i < voices.size(); ++i) {
    const std::size_t first = i > kSide ? i - kSide : 0;
    const std::size_t last = std::min(voices.size(), i + kSide);
    const std::size_t voiced = counts[last] - counts[first];
    if (voiced < kLeast) continue;
    scores[i] = 1.0 - (sums[last] - sums[first]) / static_cast<double>(voiced);
  }
  return scores;
}

}  // namespace syrinx::measure::artifacts
