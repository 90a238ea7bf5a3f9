// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "syrinx/stages/measure/report/sound_report.h"

// Which of many sounds stand out, and in what.
namespace syrinx::measure {

// How a figure is spread over the sounds that have it.
struct FigureSummary {
  std::string group, name, unit;
  std::size_t sounds = 0;  // That have a finite value.
  double median = 0.0;
  double spread = 0.0;  // What stands for a standard deviation; 0: all are equal.
  double least = 0.0;
  double most = 0.0;
  std::size_t least_sound = 0;  // Indices of those that have them.
  std::size_t most_sound = 0;
};

struct Outlier {
  std::size_t sound = 0;   // Index among the sounds.
  std::size_t figure = 0;  // Index among the summaries.
  double value = 0.0;
  // How many spreads above (positive) or below the median; a spread counts as least_difference()
  // where it is less.
  double z = 0.0;
};

// B. Iglewicz and D. C. Hoaglin, "How to Detect and Handle Outliers", 1993: a modified z-score
// beyond 3.5 stands out.
inline constexpr double kOutlierZ = 3.5;
// Of fewer sounds than these, none stands out.
inline constexpr std::size_t kLeastForOutliers = 5;

// The spread of values around their median, as a standard deviation of normal ones would be: 1.4826
// times the median of absolute deviations, or where that is 0 (more than half are equal) 1.2533
// times their mean. Non-finite values do not count. 0 for fewer than two values.
struct RobustSpread {
  double median = 0.0;
  double spread = 0.0;
};
RobustSpread robust_spread(std::span<const double> values);

// Many sounds, figure by figure.
struct CollectionSummary {
  std::vector<FigureSummary> figures;       // In the order in which they first come.
  std::vector<std::vector<double>> values;  // [figure][sound]; NaN where a sound does not have it.
  std::vector<Outlier> outliers;            // The farthest out first.
};

// `sounds` are the figures of each. Figures are told apart by group and name.
CollectionSummary summarise(std::span<const std::vector<Figure>> sounds);

}  // namespace syrinx::measure
