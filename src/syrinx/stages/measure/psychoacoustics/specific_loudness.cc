// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/psychoacoustics/specific_loudness.h"

#include <algorithm>
#include <cmath>

namespace syrinx::measure::zwicker {
namespace {

constexpr std::size_t kLowBands = 11;
constexpr double kStepBark = 0.1;

// The levels of the three lowest critical bands, out of the eleven lowest third octaves, reduced
// as the equal-loudness contours ask.
std::array<double, 3> low_levels_db(std::span<const double> levels_db) {
  std::array<double, kLowBands> intensity{};
  for (std::size_t i = 0; i < kLowBands; ++i) {
    std::size_t range = 0;
    while (range < 7 && levels_db[i] > kLowRangesDb[range] - kLowReductionsDb[range][i]) ++range;
    intensity[i] = std::pow(10.0, (levels_db[i] + kLowReductionsDb[range][i]) / 10.0);
  }
  const auto level = [&](std::size_t first, std::size_t last) {
    double sum = 0.0;
    for (std::size_t i = first; i < last; ++i) sum += intensity[i];
    return sum > 0.0 ? 10.0 * std::log10(sum) : 0.0;
  };
  return {level(0, 6), level(6, 9), level(9, kLowBands)};
}

double band_loudness(double level_db, std::size_t band) {
  if (level_db <= kThresholdDb[band]) return 0.0;
  constexpr double kThresholdFactor = 0.25;
  const double above_db = level_db - kBandwidthDb[band] - kThresholdDb[band];
  const double excitation =
      1.0 - kThresholdFactor + kThresholdFactor * std::pow(10.0, above_db / 10.0);
  const double scale = 0.0635 * std::pow(10.0, 0.025 * kThresholdDb[band]);
  return std::max(0.0, scale * (std::pow(excitation, 0.25) - 1.0));
}

// A pattern that grows by straight pieces from 0 Bark up.
class Pattern {
 public:
  explicit Pattern(std::span<double> specific) : specific_(specific) {}
  double end_bark() const { return end_bark_; }
  double height() const { return height_; }
  double area() const { return area_; }

  // A piece up to `bark`, from `from` down to `to`.
  void add(double bark, double from, double to) {
    const double width = bark - end_bark_;
    area_ += width * (from + to) / 2.0;
    for (; next_ < specific_.size(); ++next_) {
      const double at = static_cast<double>(next_ + 1) * kStepBark;
      if (at > bark) break;
      specific_[next_] = width > 0.0 ? from + (to - from) * (at - end_bark_) / width : to;
    }
    end_bark_ = bark;
    height_ = to;
  }

 private:
  std::span<double> specific_;
  std::size_t next_ = 0;
  double end_bark_ = 0.0;
  double height_ = 0.0;
  double area_ = 0.0;
};

std::size_t slope_range(double loudness, std::size_t from) {
  std::size_t range = from;
  while (range < kSlopeRanges - 1 && kSlopeRangesSone[range] > loudness) ++range;
  return range;
}

}  // namespace

CoreLoudness core_loudness(std::span<const double> levels_db, SoundField field) noexcept {
  const auto low = low_levels_db(levels_db);
  CoreLoudness core{};
  for (std::size_t band = 0; band < kCoreBands - 1; ++band) {
    double level_db = band < low.size() ? low[band] : levels_db[band + 8];
    level_db -= kTransmissionDb[band];
    if (field == SoundField::kDiffuse) level_db += kDiffuseDb[band];
    core[band] = band_loudness(level_db, band);
  }
  // The lowest band's threshold rises steeply within the band.
  core[0] *= std::min(1.0, 0.4 + 0.32 * std::pow(core[0], 0.2));
  return core;
}

double spread(const CoreLoudness& core, std::span<double> specific) noexcept {
  constexpr double kLimitMargin = 0.0001;  // So that a limit on the grid belongs to its band.
  Pattern pattern(specific);
  std::size_t range = kSlopeRanges - 1;
  for (std::size_t band = 0; band < kCoreBands; ++band) {
    const double limit = kUpperLimitsBark[band] + kLimitMargin;
    while (pattern.end_bark() < limit) {
      const double height = pattern.height();
      if (height <= core[band]) {
        if (height < core[band]) range = slope_range(core[band], 0);
        pattern.add(limit, core[band], core[band]);
      } else {
        // Masked by a lower band: down its slope, to the end of the slope's range, the core of
        // this band or the band's limit, whichever comes first. Masking needs a band below, so
        // band is at least 1 here.
        const double slope = kSlopes[range][std::min<std::size_t>(band - 1, 7)];
        const double low = std::max(kSlopeRangesSone[range], core[band]);
        const double reach = pattern.end_bark() + (height - low) / slope;
        if (reach > limit) {
          pattern.add(limit, height, height - (limit - pattern.end_bark()) * slope);
        } else {
          pattern.add(reach, height, low);
        }
      }
      while (range < kSlopeRanges - 1 && pattern.height() <= kSlopeRangesSone[range]) ++range;
    }
  }
  return std::max(0.0, pattern.area());
}

}  // namespace syrinx::measure::zwicker
