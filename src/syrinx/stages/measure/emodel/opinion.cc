// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/emodel/opinion.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace syrinx::measure {
namespace {

// The normal distribution's share below x.
double normal_below(double x) noexcept { return 0.5 * std::erfc(-x / std::numbers::sqrt2); }

}  // namespace

double mos_of_rating(double rating) noexcept {
  if (!(rating > 0.0)) return 1.0;
  if (rating >= 100.0) return 4.5;
  const double mos = 1.0 + 0.035 * rating + rating * (rating - 60.0) * (100.0 - rating) * 7e-6;
  return std::max(1.0, mos);
}

Result<double> rating_of_mos(double mos) {
  if (!(mos >= 1.0 && mos <= 4.5))
    return make_error(ErrorCode::kInvalidArgument, "a mean opinion score of ", mos,
                      " has no rating; it must be 1 to 4.5");
  const double square = -903'522.0 + 1'113'960.0 * mos - 202'500.0 * mos * mos;
  const double angle =
      std::atan2(15.0 * std::sqrt(std::max(0.0, square)), 18'566.0 - 6'750.0 * mos) / 3.0;
  const double rating =
      20.0 / 3.0 * (8.0 - std::sqrt(226.0) * std::cos(angle + std::numbers::pi / 3.0));
  return std::clamp(rating, 6.5, 100.0);
}

double good_or_better(double rating) noexcept { return normal_below((rating - 60.0) / 16.0); }
double poor_or_worse(double rating) noexcept { return normal_below((45.0 - rating) / 16.0); }

}  // namespace syrinx::measure
