// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/effects/dynamics.h"

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

double remaining_share(double time_ms, double sample_rate_hz) noexcept {
  return time_ms <= 0.0 ? 0.0 : std::exp(-1e3 / (time_ms * sample_rate_hz));
}

}  // namespace syrinx::effects
