// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/artifacts/detectors.h"

#include <algorithm>
#include <cmath>

#include "syrinx/core/dsp/biquad.h"

namespace syrinx::measure::artifacts {
namespace {

constexpr std::size_t kWindow = 800;
constexpr std::size_t kShortest = 40;
constexpr std::size_t kLongest = 266;

// The envelope of what lies above 4 kHz.
std::vector<float> high_envelope(Signal signal) {
  const auto high = dsp::high_pass({kRateHz, 4'000.0, 0.7, 0.0}).value();
  const auto smooth = dsp::low_pass({kRateHz, 800.0, 0.7, 0.0}).value();
  const dsp::Biquad twice[] = {high, high};
  std::vector<float> envelope(signal.begin(), signal.end());
  dsp::BiquadCascade::create(twice, 1).value().process(envelope, 0);
  for (float& x : envelope) x = std::abs(x);
  dsp::BiquadCascade::create({&smooth, 1}, 1).value().process(envelope, 0);
  return envelope;
}

double correlation_peak(Signal envelope, std::size_t start) {
  double mean = 0.0;
  for (std::size_t i = 0; i < kWindow + kLongest; ++i)
    mean += static_cast<double>(envelope[start + i]) / (kWindow + kLongest);
  double best = 0.0;
  for (std::size_t lag = kShortest; lag <= kLongest; ++lag) {
    double product = 0.0;
    double power = 1e-12;
    for (std::size_t i = start; i < start + kWindow; ++i) {
      const double x = static_cast<double>(envelope[i]) - mean;
      const double y = static_cast<double>(envelope[i + lag]) - mean;
      product += x * y;
      power += x * x + y * y;
    }
    best = std::max(best, 2.0 * product / power);
  }
  return best;
}

}  // namespace

// The mean over 300 ms of how periodic the high envelope is, where the voice is not.
Scores buzz_scores(Signal signal) {
  constexpr double kUnvoicedClarity = 0.5;
  constexpr std::size_t kMean = 30;
  constexpr std::size_t kLeast = 10;
  const auto envelope = high_envelope(signal);
  const auto frames = periodicities(signal);
  Scores peaks(frames.size(), -1.0);
  for (std::size_t i = 0; i < frames.size(); ++i) {
    if (i * kHop + kWindow + kLongest > signal.size()) break;
    if (frames[i].clarity < kUnvoicedClarity) peaks[i] = correlation_peak(envelope, i * kHop);
  }
  Scores scores(frames.size());
  for (std::size_t i = 0; i < frames.size(); ++i) {
    double sum = 0.0;
    double count = 0.0;
    for (std::size_t j = i; j < std::min(frames.size(), i + kMean); ++j) {
      if (peaks[j] < 0.0) continue;
      sum += peaks[j];
      count += 1.0;
    }
    if (count >= kLeast) scores[i] = sum / count;
  }
  return scores;
}

}  // namespace syrinx::measure::artifacts
