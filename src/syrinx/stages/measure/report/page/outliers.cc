// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/report/page/outliers.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace syrinx::measure {
namespace {

// Of normally distributed values, the standard deviation over the median and over the mean absolute
// deviation.
constexpr double kPerMedianDeviation = 1.4826;
constexpr double kPerMeanDeviation = 1.2533;

// Pre: not empty.
double median_of(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return (*middle + *std::max_element(values.begin(), middle)) / 2.0;
}

std::vector<double> finite_of(std::span<const double> values) {
  std::vector<double> finite;
  std::copy_if(values.begin(), values.end(), std::back_inserter(finite),
               [](double value) { return std::isfinite(value); });
  return finite;
}

}  // namespace

RobustSpread robust_spread(std::span<const double> values) {
  std::vector<double> finite = finite_of(values);
  if (finite.empty()) return {};
  RobustSpread result{median_of(finite), 0.0};
  if (finite.size() < 2) return result;
  for (double& value : finite) value = std::abs(value - result.median);
  const double mean =
      std::accumulate(finite.begin(), finite.end(), 0.0) / static_cast<double>(finite.size());
  const double middle = median_of(finite);
  result.spread = middle > 0.0 ? kPerMedianDeviation * middle : kPerMeanDeviation * mean;
  return result;
}

FigureSummary summarise(std::span<const double> values, std::size_t index,
                        std::vector<Outlier>& outliers) {
  FigureSummary summary;
  const RobustSpread spread = robust_spread(values);
  summary.median = spread.median;
  summary.spread = spread.spread;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i])) continue;
    if (summary.sounds == 0 || values[i] < summary.least) {
      summary.least = values[i];
      summary.least_sound = i;
    }
    if (summary.sounds == 0 || values[i] > summary.most) {
      summary.most = values[i];
      summary.most_sound = i;
    }
    ++summary.sounds;
  }
  if (summary.sounds < kLeastForOutliers || !(summary.spread > 0.0)) return summary;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double z = (values[i] - summary.median) / summary.spread;
    if (std::isfinite(z) && std::abs(z) > kOutlierZ) outliers.push_back({i, index, values[i], z});
  }
  return summary;
}

}  // namespace syrinx::measure
