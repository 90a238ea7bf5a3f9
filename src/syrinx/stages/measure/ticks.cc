// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/ticks.h"

#include <algorithm>
#include <cmath>
#include <sstream>

namespace syrinx::measure {

double tick_step(double range, double most) {
  const double least = range / most;
  const double power = std::pow(10.0, std::floor(std::log10(least)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= least * (1.0 - 1e-9)) return factor * power;
  }
  return 10.0 * power;
}

std::string tick_label(double value, double step) {
  std::ostringstream text;
  const int decimals = std::max(0, static_cast<int>(std::ceil(-std::log10(step) - 1e-9)));
  text.precision(decimals);
  text << std::fixed << (std::abs(value) < step * 1e-6 ? 0.0 : value);
  return text.str();
}

}  // namespace syrinx::measure
