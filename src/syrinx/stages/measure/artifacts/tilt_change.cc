// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/artifacts/detectors.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>
#include <utility>

#include "syrinx/stages/measure/artifacts/band_levels.h"

namespace syrinx::measure::artifacts {
namespace {

constexpr BandSpec kSpec{512, kHop, 250.0, 6'500.0};

// A frame of speech as a straight line over octaves and what lies off it.
struct Shape {
  std::size_t hop = 0;
  double slope = 0.0;  // dB per octave.
  BandLevels rest{};   // dB
};

Shape shape_of(std::size_t hop, const BandLevels& levels, const BandLevels& octaves) {
  const double centre = std::accumulate(octaves.begin(), octaves.end(), 0.0) / kBands;
  const double mean = std::accumulate(levels.begin(), levels.end(), 0.0) / kBands;
  double product = 0.0;
  double spread = 0.0;
  for (std::size_t b = 0; b < kBands; ++b) {
    product += (octaves[b] - centre) * levels[b];
    spread += (octaves[b] - centre) * (octaves[b] - centre);
  }
  Shape shape{hop, product / spread, {}};
  for (std::size_t b = 0; b < kBands; ++b)
    shape.rest[b] = levels[b] - mean - shape.slope * (octaves[b] - centre);
  return shape;
}

double distance(const BandLevels& a, const BandLevels& b) {
  double sum = 0.0;
  for (std::size_t i = 0; i < kBands; ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sum;
}

std::vector<Shape> voiced_shapes(Signal signal) {
  constexpr double kVoiced = 0.7;
  constexpr double kPauseDb = 25.0;
  const auto frames = band_levels_db(signal, kSpec);
  const auto voices = periodicities(signal);
  const auto levels = levels_db(signal);
  const double gate_db = quantile(levels, 0.95) - kPauseDb;
  const auto octaves = band_octaves(kSpec);
  std::vector<Shape> shapes;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    if (voices[i].clarity > kVoiced && levels[std::min(i + 1, levels.size() - 1)] > gate_db)
      shapes.push_back(shape_of(i, frames[i], octaves));
  }
  return shapes;
}

// The median change of slope from the frame before that is likest in all else, over those frames
// after that have one like them; both ways.
double change_between(std::span<const Shape> before, std::span<const Shape> after) {
  std::vector<std::pair<double, double>> pairs;
  const auto match = [&](std::span<const Shape> from, std::span<const Shape> to, double sign) {
    for (const Shape& shape : to) {
      double least = 1e300;
      double change = 0.0;
      for (const Shape& other : from) {
        const double away = distance(shape.rest, other.rest);
        if (away >= least) continue;
        least = away;
        change = sign * (shape.slope - other.slope);
      }
      pairs.push_back({least, change});
    }
  };
  match(before, after, 1.0);
  match(after, before, -1.0);
  std::sort(pairs.begin(), pairs.end());
  pairs.resize(std::max<std::size_t>(1, pairs.size() / 2));
  std::vector<double> changes;
  for (const auto& pair : pairs) changes.push_back(pair.second);
  return std::abs(quantile(changes, 0.5));
}

}  // namespace

// What is said changes the slope of a spectrum far more than a defect does. So the voiced frames of
// the 2.5 s before and after are compared like with like: each with the likest once the slope is
// taken out of both.
Scores tilt_change_scores(Signal signal) {
  constexpr std::size_t kSide = 250;
  constexpr std::size_t kStep = 10;
  constexpr std::size_t kLeast = 50;
  const auto shapes = voiced_shapes(signal);
  Scores scores(hops_of(signal));
  const auto first_from = [&](std::size_t hop) {
    const auto it = std::lower_bound(shapes.begin(), shapes.end(), hop,
                                     [](const Shape& s, std::size_t at) { return s.hop < at; });
    return static_cast<std::size_t>(it - shapes.begin());
  };
  for (std::size_t i = 0; i < scores.size(); i += kStep) {
    const std::size_t first = first_from(i > kSide ? i - kSide : 0);
    const std::size_t middle = first_from(i);
    const std::size_t last = first_from(i + kSide);
    if (middle - first < kLeast || last - middle < kLeast) continue;
    const std::span all(shapes);
    const double change =
        change_between(all.subspan(first, middle - first), all.subspan(middle, last - middle));
    for (std::size_t j = i; j < std::min(i + kStep, scores.size()); ++j) scores[j] = change;
  }
  return scores;
}

}  // namespace syrinx::measure::artifacts
