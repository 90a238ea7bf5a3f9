// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/artifacts/detectors.h"

#include <algorithm>
#include <cmath>

#include "syrinx/core/flow/audio.h"
#include "syrinx/stages/measure/pitch/autocorrelation_f0.h"

namespace syrinx::measure::artifacts {
namespace {

constexpr std::size_t kSize = 1'536;  // 96 ms: lines 20 Hz apart are told apart.
constexpr double kTopHz = 1'500.0;
constexpr double kStepHz = 4.0;
constexpr std::size_t kOffsets = 60;  // Up to 240 Hz over a harmonic.

using Profile = std::vector<double>;  // dB under the harmonics, kStepHz apart; NaN where unknown.

double at_hz(const std::vector<float>& spectrum, double hz) {
  const double place = hz * kSize / kRateHz;
  const auto below = static_cast<std::size_t>(place);
  if (below + 1 >= spectrum.size()) return -100.0;
  const double part = place - static_cast<double>(below);
  return (1.0 - part) * static_cast<double>(spectrum[below]) +
         part * static_cast<double>(spectrum[below + 1]);
}

// The pitch near `hz` whose harmonics are loudest.
double refined(const std::vector<float>& spectrum, double hz) {
  double best_db = -1e300;
  double best = hz;
  for (double factor = 0.96; factor <= 1.0401; factor += 0.005) {
    double sum = 0.0;
    for (double k = 1.0; k * hz < kTopHz; k += 1.0) sum += at_hz(spectrum, k * hz * factor);
    if (sum <= best_db) continue;
    best_db = sum;
    best = hz * factor;
  }
  return best;
}

// What lies at each distance over the harmonics, against the harmonics, in the mean of them.
Profile profile_of(const std::vector<float>& spectrum, double hz) {
  Profile profile(kOffsets, std::nan(""));
  for (std::size_t i = 0; i < kOffsets && static_cast<double>(i) * kStepHz < 0.8 * hz; ++i) {
    double sum = 0.0;
    double count = 0.0;
    for (double k = 1.0; (k + 1.0) * hz < kTopHz; k += 1.0) {
      const double around = 0.5 * (at_hz(spectrum, k * hz) + at_hz(spectrum, (k + 1.0) * hz));
      sum += at_hz(spectrum, k * hz + static_cast<double>(i) * kStepHz) - around;
      count += 1.0;
    }
    profile[i] = sum / std::max(1.0, count);
  }
  return profile;
}

// How far a place in the profile stands over the lowest on both its sides.
double most_prominence(const Profile& profile) {
  constexpr std::size_t kFirst = 6;  // Nearer, it is the harmonic's own slope.
  double most = 0.0;
  for (std::size_t i = kFirst; i + 1 < profile.size(); ++i) {
    if (std::isnan(profile[i])) break;
    double left = 1e300;
    double right = 1e300;
    for (std::size_t j = kFirst; j < i; ++j) left = std::min(left, profile[j]);
    for (std::size_t j = i + 1; j < profile.size() && !std::isnan(profile[j]); ++j)
      right = std::min(right, profile[j]);
    if (left < 1e299 && right < 1e299) most = std::max(most, profile[i] - std::max(left, right));
  }
  return most;
}

}  // namespace

// Between the harmonics of a voice lies a smooth valley of breath; what does not belong to the
// voice's pitch stands in it as lines that are as far from every harmonic. The score is how far, in
// dB, the clearest stands out of the valley in the mean of 1 s.
Scores interharmonic_scores(Signal signal) {
  constexpr std::size_t kSide = 60;
  constexpr std::size_t kStep = 10;
  constexpr std::size_t kLeast = 25;
  constexpr double kPauseDb = 20.0;
  Scores scores(hops_of(signal));
  const auto f0 = autocorrelation_f0(AudioView(signal, kRateHz));
  if (!f0) return scores;
  const auto spectra = spectra_db(signal, kSize, kHop);
  const auto levels = levels_db(signal);
  const double gate_db = quantile(levels, 0.95) - kPauseDb;
  std::vector<Profile> profiles(spectra.size());
  for (std::size_t i = 0; i < spectra.size(); ++i) {
    const double at_s = (static_cast<double>(i * kHop) + 0.5 * kSize) / kRateHz;
    const auto frame = static_cast<std::size_t>(
        std::max(0.0, std::round((at_s - f0->first_s) / f0->hop_s)));
    const std::size_t hop = std::min(levels.size() - 1, i + kSize / kHop / 2);
    if (frame < 3 || frame + 3 >= f0->frames() || levels[hop] < gate_db) continue;
    const double from = f0->hz[frame - 3];
    const double to = f0->hz[frame + 3];
    if (from <= 0.0 || to <= 0.0 || f0->hz[frame] <= 0.0 || std::abs(std::log2(to / from)) > 0.1)
      continue;
    profiles[i] = profile_of(spectra[i], refined(spectra[i], f0->hz[frame]));
  }
  for (std::size_t hop = 0; hop < scores.size(); hop += kStep) {
    const std::size_t middle = hop > kSize / kHop / 2 ? hop - kSize / kHop / 2 : 0;
    const std::size_t first = middle > kSide ? middle - kSide : 0;
    Profile mean(kOffsets);
    std::vector<std::size_t> counts(kOffsets);
    for (std::size_t i = first; i < std::min(profiles.size(), middle + kSide); ++i) {
      for (std::size_t k = 0; k < profiles[i].size(); ++k) {
        if (std::isnan(profiles[i][k])) break;
        mean[k] += profiles[i][k];
        ++counts[k];
      }
    }
    if (counts[0] < kLeast) continue;
    for (std::size_t k = 0; k < kOffsets; ++k)
      mean[k] = counts[k] > counts[0] / 2 ? mean[k] / static_cast<double>(counts[k]) : std::nan("");
    const double score = most_prominence(mean);
    for (std::size_t j = hop; j < std::min(hop + kStep, scores.size()); ++j) scores[j] = score;
  }
  return scores;
}

}  // namespace syrinx::measure::artifacts
