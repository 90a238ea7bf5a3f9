// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/level/level_view.h"

#include <algorithm>
#include <cmath>

namespace syrinx::measure {

double power_db(double power) noexcept { return 10.0 * std::log10(power); }

double percentile_of_sorted(const std::vector<double>& sorted, double share) noexcept {
  const double rank = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(rank);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  const double part = rank - static_cast<double>(below);
  return sorted[below] + (part > 0.0 ? part * (sorted[above] - sorted[below]) : 0.0);
}

}  // namespace syrinx::measure
