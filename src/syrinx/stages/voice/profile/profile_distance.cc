// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/voice/profile/profile_distance.h"

#include <algorithm>
#include <cmath>

namespace syrinx::voice {
namespace {

constexpr double kMostLogRatio = 0.22;
constexpr double kFormantOctavesPerF0Octave = 0.25;
// Weight of what pitch lets expect: high, for a few sentences of two rooms mislead.
constexpr double kExpectation = 1'500.0;

// Of two Gaussians, by their means and deviations.
double bhattacharyya(double mean_a, double deviation_a, double mean_b, double deviation_b) {
  const double a = std::max(deviation_a * deviation_a, 1e-9);
  const double b = std::max(deviation_b * deviation_b, 1e-9);
  const double apart = mean_a - mean_b;
  return 0.25 * apart * apart / (a + b) + 0.5 * std::log((a + b) / (2.0 * std::sqrt(a * b)));
}

double misfit(const MelLogs& from, const Cepstrum& to, double ratio) {
  const Cepstrum moved = cepstrum_of(warped(from, ratio));
  double sum = 0.0;
  for (std::size_t d = 2; d < 14; ++d) {
    const double difference = static_cast<double>(moved[d]) - static_cast<double>(to[d]);
    sum += difference * difference;
  }
  return sum;
}

// F3 and F4 tell the length of a vocal tract, whatever is said; F1 and F2 tell what is said
// (Lammert and Narayanan 2015).
double ratio_of_tracts(const Formants& from, const Formants& to) {
  const double log_ratio = 0.5 * (std::log(to[2] / from[2]) + std::log(to[3] / from[3]));
  return std::exp(std::clamp(log_ratio, -kMostLogRatio, kMostLogRatio));
}

}  // namespace

double formant_ratio(const VoiceProfile& from, const VoiceProfile& to) {
  if (from.formants_hz[3] > 0.0 && to.formants_hz[3] > 0.0)
    return ratio_of_tracts(from.formants_hz, to.formants_hz);
  const MelLogs logs = logs_of(from.voiced.mean);
  const double expected =
      std::clamp(kFormantOctavesPerF0Octave * (to.log_f0_mean - from.log_f0_mean), -kMostLogRatio,
                 kMostLogRatio);
  double best = 1.0;
  double least = 1e300;
  for (double log_ratio = -0.22; log_ratio <= 0.2205; log_ratio += 0.01) {
    const double off = log_ratio - expected;
    const double cost =
        misfit(logs, to.voiced.mean, std::exp(log_ratio)) + kExpectation * off * off;
    if (cost >= least) continue;
    least = cost;
    best = std::exp(log_ratio);
  }
  return best;
}

ProfileDistance compare_profiles(const VoiceProfile& a, const VoiceProfile& b) {
  ProfileDistance distance;
  distance.f0_semitones = 12.0 / std::log(2.0) * (b.log_f0_mean - a.log_f0_mean);
  distance.f0_spread_ratio = b.log_f0_deviation / std::max(a.log_f0_deviation, 1e-6);
  distance.mcd_db = distortion_db(a.voiced.mean, b.voiced.mean);
  distance.unvoiced_mcd_db = distortion_db(a.unvoiced.mean, b.unvoiced.mean);
  distance.formant_ratio = formant_ratio(a, b);
  distance.tilt_db_per_octave = b.tilt_db_per_octave() - a.tilt_db_per_octave();
  double cepstral = 0.0;
  for (std::size_t d = 1; d < kCepstra; ++d)
    cepstral += bhattacharyya(
        static_cast<double>(a.voiced.mean[d]), static_cast<double>(a.voiced.deviation[d]),
        static_cast<double>(b.voiced.mean[d]), static_cast<double>(b.voiced.deviation[d]));
  const double pitch =
      bhattacharyya(a.log_f0_mean, a.log_f0_deviation, b.log_f0_mean, b.log_f0_deviation);
  distance.similarity = std::exp(-0.5 * 0.5 * (pitch + 0.25 * cepstral));
  return distance;
}

}  // namespace syrinx::voice
