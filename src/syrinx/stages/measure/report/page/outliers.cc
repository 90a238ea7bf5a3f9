// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/report/page/outliers.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "syrinx/stages/measure/report/page/explanations.h"
#include "syrinx/stages/measure/report/page/figure_places.h"

namespace syrinx::measure {
namespace {

// Of normally distributed values, the standard deviation over the median and over the mean absolute
// deviation.
constexpr double kPerMedianDeviation = 1.4826;
constexpr double kPerMeanDeviation = 1.2533;
// A spread below this share of the median is the rounding of equal values.
constexpr double kRoundingShare = 1e-9;

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

void spread_of(std::span<const double> values, FigureSummary& summary) {
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
}

void find_outliers(std::span<const double> values, const FigureSummary& summary, std::size_t figure,
                   std::vector<Outlier>& outliers) {
  const double least = std::max(least_difference(summary.name, summary.unit),
                                kRoundingShare * std::abs(summary.median));
  const double spread = std::max(summary.spread, least);
  if (summary.sounds < kLeastForOutliers || !(spread > 0.0)) return;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double z = (values[i] - summary.median) / spread;
    if (std::isfinite(z) && std::abs(z) > kOutlierZ) outliers.push_back({i, figure, values[i], z});
  }
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

CollectionSummary summarise(std::span<const std::vector<Figure>> sounds) {
  CollectionSummary all;
  const std::vector<FigurePlace> places = figure_places(sounds);
  for (const FigurePlace& place : places) {
    all.figures.push_back({place.group, place.name, place.unit});
    all.values.push_back(values_of(sounds, place));
  }
  for (std::size_t f = 0; f < all.figures.size(); ++f) {
    spread_of(all.values[f], all.figures[f]);
    find_outliers(all.values[f], all.figures[f], f, all.outliers);
  }
  std::stable_sort(
      all.outliers.begin(), all.outliers.end(),
      [](const Outlier& a, const Outlier& b) { return std::abs(a.z) > std::abs(b.z); });
  return all;
}

}  // namespace syrinx::measure
