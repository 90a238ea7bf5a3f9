// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/artifacts/detectors.h"

#include <algorithm>
#include <cmath>

#include "syrinx/core/dsp/biquad.h"

namespace syrinx::measure::artifacts {

// However rough a voice, in every second of it some stretch repeats itself almost exactly, unless
// something lies between the harmonics. The score is what the most periodic tenth of the voiced
// hops of 1 s leaves over, in dB over a millionth.
Scores interharmonic_scores(Signal signal) {
  constexpr std::size_t kSide = 75;
  constexpr std::size_t kLeast = 25;
  constexpr double kVoiced = 0.6;
  constexpr double kPauseDb = 20.0;
  std::vector<float> low(signal.begin(), signal.end());
  const auto section = dsp::low_pass({kRateHz, 1'200.0, 0.7, 0.0}).value();
  const dsp::Biquad twice[] = {section, section};
  dsp::BiquadCascade::create(twice, 1).value().process(low, 0);
  const auto levels = levels_db(low);
  const double gate_db = quantile(levels, 0.95) - kPauseDb;
  const auto frames = periodicities(low);
  Scores scores(frames.size());
  for (std::size_t i = 0; i < frames.size(); ++i) {
    std::vector<double> rest;
    const std::size_t end = std::min(frames.size(), i + kSide);
    for (std::size_t j = i > kSide ? i - kSide : 0; j < end; ++j) {
      if (frames[j].clarity > kVoiced && levels[j] > gate_db)
        rest.push_back(1.0 - std::min(frames[j].clarity, 1.0));
    }
    if (rest.size() < kLeast) continue;
    scores[i] = std::max(0.0, 60.0 + 10.0 * std::log10(quantile(rest, 0.1) + 1e-6));
  }
  return scores;
}

}  // namespace syrinx::measure::artifacts
