// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/artifacts/detectors.h"

#include <algorithm>
#include <cmath>

#include "syrinx/core/dsp/biquad.h"

namespace syrinx::measure::artifacts {
namespace {

// Below 800 Hz, where the harmonics of a voice are free of breath.
std::vector<float> low_part(Signal signal) {
  const auto section = dsp::low_pass({kRateHz, 800.0, 0.7, 0.0}).value();
  const dsp::Biquad twice[] = {section, section};
  std::vector<float> low(signal.begin(), signal.end());
  dsp::BiquadCascade::create(twice, 1).value().process(low, 0);
  return low;
}

}  // namespace

// However rough a voice and however its pitch moves, some stretches of it repeat themselves almost
// exactly, unless something lies between the harmonics. The score is what the period leaves over in
// the most periodic twentieth of the voiced hops of 3 s, in dB over a millionth.
Scores interharmonic_scores(Signal signal) {
  constexpr std::size_t kSide = 150;
  constexpr std::size_t kStep = 5;
  constexpr std::size_t kLeast = 25;
  constexpr double kVoiced = 0.6;
  constexpr double kPauseDb = 20.0;
  const auto low = low_part(signal);
  const auto levels = levels_db(low);
  const double gate_db = quantile(levels, 0.95) - kPauseDb;
  const auto voices = periodicities(low);
  Scores scores(voices.size());
  for (std::size_t i = 0; i < voices.size(); i += kStep) {
    std::vector<double> rest;
    const std::size_t end = std::min(voices.size(), i + kSide);
    for (std::size_t j = i > kSide ? i - kSide : 0; j < end; ++j) {
      if (voices[j].clarity > kVoiced && levels[j] > gate_db)
        rest.push_back(1.0 - std::min(voices[j].clarity, 1.0));
    }
    if (rest.size() < kLeast) continue;
    const double score = 60.0 + 10.0 * std::log10(quantile(rest, 0.05) + 1e-6);
    for (std::size_t j = i; j < std::min(i + kStep, scores.size()); ++j)
      scores[j] = std::max(0.0, score);
  }
  return scores;
}

}  // namespace syrinx::measure::artifacts
