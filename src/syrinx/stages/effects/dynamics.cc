// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/effects/dynamics.h"

#include <bit>
#include <numbers>

namespace syrinx::effects {
namespace {

// How far the level is past the threshold, bent over the knee: 0 below, the distance above.
double excess_db(double over_db, double knee_db) noexcept {
  if (2.0 * over_db <= -knee_db) return 0.0;
  if (2.0 * over_db >= knee_db) return over_db;
  const double into = over_db + knee_db / 2.0;
  return into * into / (2.0 * knee_db);
}

}  // namespace

double compressor_gain_db(double level_db, double threshold_db, double ratio,
                          double knee_db) noexcept {
  const double excess = excess_db(level_db - threshold_db, knee_db);
  return excess == 0.0 ? 0.0 : excess * (1.0 / ratio - 1.0);
}

double expander_gain_db(double level_db, double threshold_db, double ratio, double knee_db,
                        double range_db) noexcept {
  const double lack = excess_db(threshold_db - level_db, knee_db);
  return std::max(-range_db, lack == 0.0 ? 0.0 : lack * (1.0 - ratio));
}

// 2^y = 2^n e^t, where n is whole and |t| at most ln(2) / 2: the series of e^t to the tenth power
// leaves 2e-13.
void factors_of_db(std::span<double> db) noexcept {
  constexpr double kPerDb = 0.16609640474436813;  // log2(10) / 20
  constexpr double kLn2 = std::numbers::ln2;
  constexpr double kWhole = 6755399441055744.0;  // 1.5 * 2^52: added, it rounds to whole numbers.
  for (double& value : db) {
    const double y = value * kPerDb;
    const double shifted = y + kWhole;
    const double t = (y - (shifted - kWhole)) * kLn2;
    const auto n = std::bit_cast<std::uint64_t>(shifted) - std::bit_cast<std::uint64_t>(kWhole);
    const double t2 = t * t;
    const double low = 1.0 + t + t2 * (1.0 / 2 + t * (1.0 / 6));
    const double middle = 1.0 / 24 + t * (1.0 / 120) + t2 * (1.0 / 720 + t * (1.0 / 5'040));
    const double high = 1.0 / 40'320 + t * (1.0 / 362'880) + t2 * (1.0 / 3'628'800);
    const double t4 = t2 * t2;
    const double power = low + t4 * (middle + t4 * high);
    value = power * std::bit_cast<double>((n + 1'023) << 52);
  }
}

double remaining_share(double time_ms, double sample_rate_hz) noexcept {
  return time_ms <= 0.0 ? 0.0 : std::exp(-1e3 / (time_ms * sample_rate_hz));
}

}  // namespace syrinx::effects
