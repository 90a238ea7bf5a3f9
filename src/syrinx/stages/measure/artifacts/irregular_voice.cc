// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/artifacts/detectors.h"

#include <algorithm>
#include <cmath>

#include "syrinx/core/dsp/pitch/autocorrelation_f0.h"
#include "syrinx/core/dsp/pitch/glottal_pulses.h"

namespace syrinx::measure::artifacts {
namespace {

// One pulse against the two beside it.
struct Unevenness {
  double time_s = 0.0;
  double period = 0.0;  // How far the two periods differ, over their mean.
  double peak = 0.0;    // How far its amplitude is off the mean of its neighbours, over it.
};

double amplitude_at(Signal signal, double from_s, double to_s) {
  const auto first = static_cast<std::size_t>(std::max(0.0, from_s * kRateHz));
  const auto last =
      std::min(signal.size(), static_cast<std::size_t>(std::max(0.0, to_s * kRateHz)));
  double power = 1e-12;
  for (std::size_t i = first; i < last; ++i)
    power += static_cast<double>(signal[i]) * static_cast<double>(signal[i]);
  return std::sqrt(power /
                   static_cast<double>(std::max<std::size_t>(1, last - std::min(first, last))));
}

std::vector<Unevenness> unevenness_of(Signal signal) {
  constexpr double kMostFactor = 1.3;  // As Praat: more is no neighbour.
  const AudioView view(signal, kRateHz);
  const auto f0 = dsp::autocorrelation_f0(view);
  const auto sound = dsp::pitch_sound("artifacts", view);
  if (!f0 || !sound) return {};
  const auto pulses = dsp::glottal_pulses(*sound, *f0);
  std::vector<Unevenness> result;
  for (std::size_t i = 2; i + 2 < pulses.size(); ++i) {
    const double before = pulses[i] - pulses[i - 1];
    const double after = pulses[i + 1] - pulses[i];
    if (before > 0.02 || after > 0.02 || std::max(before / after, after / before) > kMostFactor)
      continue;
    const double here = amplitude_at(signal, pulses[i] - 0.2 * before, pulses[i] + 0.2 * after);
    const double left =
        amplitude_at(signal, pulses[i - 1] - 0.2 * before, pulses[i - 1] + 0.2 * before);
    const double right =
        amplitude_at(signal, pulses[i + 1] - 0.2 * after, pulses[i + 1] + 0.2 * after);
    result.push_back({pulses[i], std::abs(after - before) / (0.5 * (before + after)),
                      std::abs(2.0 * here - left - right) / (left + right)});
  }
  return result;
}

}  // namespace

// How far jitter and shimmer over 1.2 s stand over Praat's limits of 1.04 % and 3.8 %: the mean of
// both. Neither is a mean of its own but what two fifths of the periods stay under, because the
// ends of a living voice are rough and its middles are not.
Scores irregular_voice_scores(Signal signal) {
  constexpr double kSideS = 0.6;
  constexpr std::size_t kLeast = 40;
  constexpr double kShare = 0.4;
  constexpr double kJitterLimit = 0.0104;
  constexpr double kShimmerLimit = 0.038;
  const auto pulses = unevenness_of(signal);
  Scores scores(hops_of(signal));
  for (std::size_t hop = 0; hop < scores.size(); ++hop) {
    const double at_s = (static_cast<double>(hop) + 0.5) * kHop / kRateHz;
    std::vector<double> jitter;
    std::vector<double> shimmer;
    for (const auto& pulse : pulses) {
      if (std::abs(pulse.time_s - at_s) > kSideS) continue;
      jitter.push_back(pulse.period);
      shimmer.push_back(pulse.peak);
    }
    if (jitter.size() < kLeast) continue;
    scores[hop] =
        0.5 * (quantile(jitter, kShare) / kJitterLimit + quantile(shimmer, kShare) / kShimmerLimit);
  }
  return scores;
}

}  // namespace syrinx::measure::artifacts
