// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/psychoacoustics/scales.h"

#include <cmath>

namespace syrinx::measure {

double bark_traunmueller(double hz) noexcept {
  const double z = 26.81 * hz / (1960.0 + hz) - 0.53;
  if (z < 2.0) return z + 0.15 * (2.0 - z);
  if (z > 20.1) return z + 0.22 * (z - 20.1);
  return z;
}

double hz_of_bark_traunmueller(double bark) noexcept {
  double z = bark;
  if (bark < 2.0) z = (bark - 0.3) / 0.85;
  if (bark > 20.1) z = (bark + 4.422) / 1.22;
  return 1960.0 * (z + 0.53) / (26.28 - z);
}

double bark_zwicker(double hz) noexcept {
  const double high = hz / 7500.0;
  return 13.0 * std::atan(0.00076 * hz) + 3.5 * std::atan(high * high);
}

double erb_hz(double hz) noexcept { return 24.7 * (0.00437 * hz + 1.0); }

double erb_number(double hz) noexcept { return 21.4 * std::log10(0.00437 * hz + 1.0); }

double hz_of_erb_number(double cams) noexcept {
  return (std::pow(10.0, cams / 21.4) - 1.0) / 0.00437;
}

}  // namespace syrinx::measure
