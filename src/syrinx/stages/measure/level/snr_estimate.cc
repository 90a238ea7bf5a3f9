// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/level/snr_estimate.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

#include "syrinx/core/flow/mono.h"
#include "syrinx/stages/measure/level/active_speech_level.h"
#include "syrinx/stages/measure/level/level_view.h"
#include "syrinx/stages/measure/level/levels.h"

namespace syrinx::measure {
namespace {

constexpr double kGammaShape = 0.4;
constexpr double kLeastDb = -20.0;
constexpr double kMostDb = 100.0;
// Tails beyond these hold less than 1e-13 of the speech.
constexpr double kLeastLog = -80.0;
constexpr double kMostLog = 3.6;
constexpr double kLogStep = 0.02;

// E|x + n| for Gaussian n of deviation 1: the folded normal distribution's mean.
double mean_magnitude(double x) {
  return std::sqrt(2.0 / std::numbers::pi) * std::exp(-x * x / 2.0) +
         x * std::erf(x / std::numbers::sqrt2);
}

// E ln|x + n| for Gaussian n of deviation 1, half the mean log of a noncentral chi-square of one
// degree of freedom: a Poisson(x^2/2) mean of digamma(1/2 + j), or its expansion for large x.
double mean_log_magnitude(double x) {
  const double rate = x * x / 2.0;
  if (rate > 200.0) return std::log(x) - 1.0 / (2.0 * x * x) - 3.0 / (4.0 * x * x * x * x);
  double digamma = -1.9635100260214235;  // Of 1/2.
  double weight = std::exp(-rate);
  double sum = weight * digamma;
  for (int j = 1; j < 400; ++j) {
    digamma += 1.0 / (j - 0.5);
    weight *= rate / j;
    sum += weight * digamma;
    if (j > rate && weight < 1e-18) break;  // From there on they only shrink.
  }
  return 0.5 * (sum + std::numbers::ln2);
}

std::vector<double> statistics_table() {
  std::vector<double> table;
  for (double db = kLeastDb; db <= kMostDb; db += 1.0) table.push_back(wada_statistic(db));
  return table;
}

double wada_snr_db(const std::vector<double>& mono) {
  static const std::vector<double> kTable = statistics_table();
  double sum = 0.0;
  double logs = 0.0;
  for (const double v : mono) {
    const double magnitude = std::max(std::abs(v), 1e-10);
    sum += magnitude;
    logs += std::log(magnitude);
  }
  const auto count = static_cast<double>(mono.size());
  const double statistic = std::log(sum / count) - logs / count;
  const auto above = std::upper_bound(kTable.begin(), kTable.end(), statistic);
  if (above == kTable.begin()) return kLeastDb;
  if (above == kTable.end()) return kMostDb;
  const double part = (statistic - above[-1]) / (above[0] - above[-1]);
  return kLeastDb + static_cast<double>(above - kTable.begin() - 1) + part;
}

}  // namespace

double wada_statistic(double snr_db) {
  // Speech of scale s has power s^2 shape (shape + 1); the noise has power 1. The integral over
  // the gamma distribution runs over the logarithm of the magnitude, where it is smooth.
  const double scale =
      std::sqrt(std::pow(10.0, snr_db / 10.0) / (kGammaShape * (kGammaShape + 1.0)));
  double magnitude = 0.0;
  double logarithm = 0.0;
  double total = 0.0;
  for (double u = kLeastLog; u <= kMostLog; u += kLogStep) {
    const double density = std::exp(kGammaShape * u - std::exp(u));
    const double x = scale * std::exp(u);
    magnitude += density * mean_magnitude(x);
    logarithm += density * mean_log_magnitude(x);
    total += density;
  }
  return std::log(magnitude / total) - logarithm / total;
}

Result<SnrEstimate> estimate_snr(AudioView audio) {
  SYRINX_ASSIGN(const auto speech, measure_active_speech_level(audio));
  const auto mono = mean_of_channels(audio);
  if (!std::isfinite(speech.long_term_dbfs))
    return make_error(ErrorCode::kInvalidArgument,
                      "SNR estimate: silence was given, which has neither speech nor noise");
  const std::vector<float> samples(mono.begin(), mono.end());
  SYRINX_ASSIGN(const auto levels, measure_levels(AudioView(samples, audio.sample_rate_hz())));
  const double noise = std::pow(10.0, levels.noise_floor_dbfs / 10.0);
  const double active = std::pow(10.0, speech.active_dbfs / 10.0);
  SnrEstimate estimate;
  estimate.pauses_db = power_db(std::max(active - noise, 0.0) / noise);
  estimate.wada_db = wada_snr_db(mono);
  return estimate;
}

}  // namespace syrinx::measure
