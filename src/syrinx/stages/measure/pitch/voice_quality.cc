// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/pitch/voice_quality.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "syrinx/core/dsp/pitch/autocorrelation_f0.h"
#include "syrinx/core/dsp/pitch/glottal_pulses.h"
#include "syrinx/stages/measure/pitch/harmonicity.h"

namespace syrinx::measure {
namespace {

constexpr double kLeastPeriodS = 0.0001;
constexpr double kMostPeriodS = 0.02;
constexpr double kMostPeriodFactor = 1.3;
constexpr double kMostAmplitudeFactor = 1.6;
constexpr double kHarmonicityMinHz = 75.0;  // Praat's default.
constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

bool is_length(double period_s) { return period_s >= kLeastPeriodS && period_s <= kMostPeriodS; }

bool are_neighbours(double a, double b, double most_factor) {
  return a > 0.0 && b > 0.0 && std::max(a / b, b / a) <= most_factor;
}

// Whether the time between pulse i and the next counts as a period: of a period's length, and like
// one of its neighbours at least.
bool is_period(const std::vector<double>& pulses, std::size_t i) {
  const double here = pulses[i + 1] - pulses[i];
  if (!is_length(here)) return false;
  const double before = i > 0 ? pulses[i] - pulses[i - 1] : 0.0;
  const double after = i + 2 < pulses.size() ? pulses[i + 2] - pulses[i + 1] : 0.0;
  if (before <= 0.0 && after <= 0.0) return true;
  return are_neighbours(here, before, kMostPeriodFactor) ||
         are_neighbours(here, after, kMostPeriodFactor);
}

double mean_period_s(const std::vector<double>& pulses) {
  double sum = 0.0;
  std::size_t periods = 0;
  for (std::size_t i = 0; i + 1 < pulses.size(); ++i) {
    if (!is_period(pulses, i)) continue;
    sum += pulses[i + 1] - pulses[i];
    ++periods;
  }
  return periods == 0 ? kNone : sum / static_cast<double>(periods);
}

bool is_regular(const std::vector<double>& pulses, std::size_t i) {
  const double before = pulses[i] - pulses[i - 1];
  const double after = pulses[i + 1] - pulses[i];
  return is_length(before) && is_length(after) && are_neighbours(before, after, kMostPeriodFactor);
}

// The root of the mean square around a pulse, Hann-weighted, a fifth of a period to each side.
double amplitude_at(const dsp::PitchSound& sound, double time_s, double before_s, double after_s) {
  const double rate_hz = sound.sample_rate_hz;
  const auto first = std::llround(std::ceil((time_s - 0.2 * before_s) * rate_hz - 0.5));
  const auto last = std::llround(std::floor((time_s + 0.2 * after_s) * rate_hz - 0.5));
  double squares = 0.0;
  double weights = 0.0;
  for (auto i = std::max(first, 0LL);
       i <= std::min(last, static_cast<long long>(sound.samples.size()) - 1); ++i) {
    const double t = (static_cast<double>(i) + 0.5) / rate_hz;
    const double phase = (t - time_s) / (0.2 * (t < time_s ? before_s : after_s));
    const double weight = 0.5 + 0.5 * std::cos(std::numbers::pi * phase);
    const double v = static_cast<double>(sound.samples[static_cast<std::size_t>(i)]) * weight;
    squares += v * v;
    weights += weight * weight;
  }
  return weights > 0.0 ? std::sqrt(squares / weights) : 0.0;
}

double shimmer_local(const dsp::PitchSound& sound, const std::vector<double>& pulses) {
  std::vector<double> times;
  std::vector<double> amplitudes;
  for (std::size_t i = 1; i + 1 < pulses.size(); ++i) {
    if (!is_regular(pulses, i)) continue;
    const double amplitude =
        amplitude_at(sound, pulses[i], pulses[i] - pulses[i - 1], pulses[i + 1] - pulses[i]);
    if (!(amplitude > 0.0)) continue;
    times.push_back(pulses[i]);
    amplitudes.push_back(amplitude);
  }
  double differences = 0.0;
  double sum = 0.0;
  std::size_t pairs = 0;
  for (std::size_t i = 1; i < times.size(); ++i) {
    sum += amplitudes[i - 1];
    if (!is_length(times[i] - times[i - 1]) ||
        !are_neighbours(amplitudes[i], amplitudes[i - 1], kMostAmplitudeFactor)) {
      continue;
    }
    differences += std::abs(amplitudes[i] - amplitudes[i - 1]);
    ++pairs;
  }
  if (pairs == 0 || !(sum > 0.0)) return kNone;
  return differences / static_cast<double>(pairs) / (sum / static_cast<double>(times.size() - 1));
}

}  // namespace

double jitter_local(const std::vector<double>& pulses_s) {
  double differences = 0.0;
  std::size_t pairs = 0;
  for (std::size_t i = 1; i + 1 < pulses_s.size(); ++i) {
    if (!is_regular(pulses_s, i)) continue;
    differences += std::abs(pulses_s[i + 1] - 2.0 * pulses_s[i] + pulses_s[i - 1]);
    ++pairs;
  }
  if (pairs == 0) return kNone;
  return differences / static_cast<double>(pairs) / mean_period_s(pulses_s);
}

Result<VoiceQuality> measure_voice_quality(AudioView audio, const dsp::F0Options& options) {
  SYRINX_ASSIGN(const auto f0, dsp::autocorrelation_f0(audio, options));
  SYRINX_ASSIGN(const auto sound, dsp::pitch_sound("voice quality", audio));
  const auto pulses = dsp::glottal_pulses(sound, f0);
  VoiceQuality quality;
  for (std::size_t i = 0; i + 1 < pulses.size(); ++i) {
    quality.periods += is_period(pulses, i) ? 1u : 0u;
  }
  quality.jitter_local = jitter_local(pulses);
  quality.shimmer_local = shimmer_local(sound, pulses);
  quality.hnr_db = mean_harmonicity_db(sound, kHarmonicityMinHz);
  return quality;
}

}  // namespace syrinx::measure
