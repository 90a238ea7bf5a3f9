// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/artifacts/resonance_envelopes.h"

#include <algorithm>
#include <cmath>
#include <complex>

#include "syrinx/core/dsp/fft.h"
#include "syrinx/core/dsp/window.h"
#include "syrinx/stages/measure/pitch/formants.h"

namespace syrinx::measure::artifacts {
namespace {

constexpr std::size_t kSize = 400;
constexpr std::size_t kFftSize = 512;

// The mean-free envelope of what the inverse filter with these bins lets stand.
ResonanceEnvelope envelope_of(const std::vector<std::complex<float>>& inverse) {
  constexpr double kLowestHz = 250.0;
  ResonanceEnvelope envelope{};
  double mean = 0.0;
  for (std::size_t i = 0; i < kEnvelopePoints; ++i) {
    const double hz = kLowestHz * std::exp2(static_cast<double>(i) / kEnvelopePointsPerOctave);
    const double place = hz * kFftSize / kRateHz;
    const auto below = static_cast<std::size_t>(place);
    const double part = place - static_cast<double>(below);
    const double power = (1.0 - part) * static_cast<double>(std::norm(inverse[below])) +
                         part * static_cast<double>(std::norm(inverse[below + 1]));
    envelope[i] = -10.0 * std::log10(power + 1e-9);
    mean += envelope[i] / kEnvelopePoints;
  }
  for (double& level : envelope) level -= mean;
  return envelope;
}

}  // namespace

std::vector<ResonanceEnvelope> resonance_envelopes(Signal signal) {
  constexpr std::size_t kOrder = 16;
  constexpr double kEmphasis = 0.95;
  auto fft = dsp::RealFft::create(kFftSize).value();  // A size of ours: it cannot fail.
  const auto window = dsp::make_window(dsp::WindowShape::kHann, kSize);
  std::vector<double> frame(kSize);
  std::vector<float> time(kFftSize);
  std::vector<std::complex<float>> bins(fft.bins());
  std::vector<ResonanceEnvelope> envelopes;
  for (std::size_t start = 0; start + kSize <= signal.size(); start += kEnvelopeHop) {
    double former = start > 0 ? static_cast<double>(signal[start - 1]) : 0.0;
    for (std::size_t i = 0; i < kSize; ++i) {
      const auto here = static_cast<double>(signal[start + i]);
      frame[i] = (here - kEmphasis * former) * static_cast<double>(window[i]);
      former = here;
    }
    const auto prediction = burg_prediction(frame, kOrder);
    time[0] = 1.0f;
    for (std::size_t k = 0; k < kOrder; ++k) time[k + 1] = static_cast<float>(-prediction[k]);
    fft.forward(time, bins);
    envelopes.push_back(envelope_of(bins));
  }
  return envelopes;
}

double unlikeness(const ResonanceEnvelope& here, const ResonanceEnvelope& there, int shift) {
  const int first = std::max(0, -shift);
  const int last = static_cast<int>(kEnvelopePoints) - std::max(0, shift);
  const double count = last - first;
  const auto difference = [&](int i) {
    return here[static_cast<std::size_t>(i + shift)] - there[static_cast<std::size_t>(i)];
  };
  double mean = 0.0;
  for (int i = first; i < last; ++i) mean += difference(i) / count;
  double sum = 0.0;
  for (int i = first; i < last; ++i) sum += std::abs(difference(i) - mean);
  return sum / count;
}

std::vector<bool> steadily_voiced(Signal signal, std::size_t frames) {
  constexpr double kClarity = 0.85;
  const auto voices = periodicities(signal);
  std::vector<bool> voiced(frames);
  // A frame and the periodicity of the hop that it begins with show about the same stretch.
  for (std::size_t i = 0; i < frames; ++i)
    voiced[i] = voices[i * kEnvelopeHop / kHop].clarity > kClarity;
  return voiced;
}

}  // namespace syrinx::measure::artifacts
