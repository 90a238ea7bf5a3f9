// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/conversion/streams/time_histogram.h"

#include <algorithm>
#include <cmath>

namespace syrinx::conversion {
namespace {

constexpr double kLeastS = 1e-6;
constexpr double kPerOctave = 8.0;

}  // namespace

void TimeHistogram::add(double seconds) noexcept {
  const double place = kPerOctave * std::log2(std::max(seconds, kLeastS) / kLeastS);
  ++classes_[std::min(static_cast<std::size_t>(place), kClasses - 1)];
  ++count_;
}

double TimeHistogram::quantile(double share) const noexcept {
  if (count_ == 0) return 0.0;
  const double wanted = share * static_cast<double>(count_);
  double seen = 0.0;
  std::size_t at = 0;
  for (; at < kClasses - 1; ++at) {
    seen += classes_[at];
    if (seen >= wanted) break;
  }
  return kLeastS * std::exp2(static_cast<double>(at + 1) / kPerOctave);
}

}  // namespace syrinx::conversion
