// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

// What figures mean, for those who meet them for the first time.
namespace syrinx::measure {

// Which of two values of a figure speaks for a sound.
enum class Better { kNeither, kHigher, kLower, kNearerZero };

struct Explanation {
  std::string_view name;   // The figure's, as "si_sdr".
  std::string_view title;  // For a heading: "SI-SDR".
  Better better = Better::kNeither;
  std::string_view sentence;  // What it says, and what is good.
};

// The explanation of a figure, or nullptr: figures may exist that nobody explained.
const Explanation* explain(std::string_view figure_name) noexcept;

// Differences of a figure below this say nothing: 0.1 dB, 0.02 MOS, 1 Hz, 0.002 of full scale of DC
// offset; 0 where any may matter.
double least_difference(std::string_view figure_name, std::string_view unit) noexcept;

// Which of two values speaks for a sound: -1 the first, 1 the second, 0 neither: they differ by
// no more than least_difference(), one does not exist, or the figure has no better side.
int better_of(std::string_view figure_name, std::string_view unit, double first,
              double second) noexcept;

}  // namespace syrinx::measure
