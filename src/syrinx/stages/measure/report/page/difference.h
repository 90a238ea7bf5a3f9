// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "syrinx/core/flow/image.h"

namespace syrinx::measure::html {

// How much stronger `other` is than `base` at each pixel, both as pixel_powers() gives them: black
// where they agree, blue where `base` is stronger, orange where `other` is, in full colour from
// kDifferenceReachDb on. What lies more than `range_db` below the strongest pixel of both counts as
// lying there. `other_gain_db` is added to `other` first. Pre: the same width and height.
Image difference_image(std::span<const float> base, std::span<const float> other, std::size_t width,
                       std::size_t height, double other_gain_db, double range_db);

inline constexpr double kDifferenceReachDb = 36.0;

// The root mean square of those differences, dB.
double rms_difference_db(std::span<const float> base, std::span<const float> other,
                         double other_gain_db, double range_db);

// The two ends and the middle of the colours, as "#rrggbb".
struct DifferenceColours {
  std::string base, equal, other;
};
DifferenceColours difference_colours();

}  // namespace syrinx::measure::html
