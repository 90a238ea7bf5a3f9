// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/report/harmonic_structure.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "syrinx/stages/measure/spectrum/spectral_features.h"

namespace syrinx::measure {
namespace {

constexpr double kPeriods = 16.0;
constexpr double kSteady = 0.015;
constexpr std::size_t kMostStretches = 400;
constexpr std::size_t kBands = 3;

// The frames of the track under sixteen periods from `first` on, or 0 where the pitch moves.
std::size_t steady_frames(const dsp::F0Track& f0, std::size_t first) {
  const double hz = f0.hz[first];
  if (!(hz > 0.0)) return 0;
  const auto frames = static_cast<std::size_t>(std::ceil(kPeriods / hz / f0.hop_s));
  if (first + frames >= f0.frames()) return 0;
  for (std::size_t i = first; i <= first + frames; ++i) {
    if (std::abs(f0.hz[i] / hz - 1.0) > kSteady) return 0;
  }
  return frames;
}

struct Stretch {
  std::size_t first = 0;
  std::size_t frames = 0;
};

std::vector<Stretch> steady_stretches(const dsp::F0Track& f0) {
  std::vector<Stretch> all;
  for (std::size_t i = 0; i < f0.frames();) {
    const std::size_t frames = steady_frames(f0, i);
    if (frames > 0) all.push_back({i, frames});
    i += std::max<std::size_t>(frames, 1);
  }
  if (all.size() <= kMostStretches) return all;
  std::vector<Stretch> spread(kMostStretches);
  for (std::size_t i = 0; i < spread.size(); ++i) spread[i] = all[i * all.size() / spread.size()];
  return spread;
}

double mean_hz(const dsp::F0Track& f0, const Stretch& stretch) {
  double sum = 0.0;
  for (std::size_t i = 0; i <= stretch.frames; ++i) sum += f0.hz[stretch.first + i];
  return sum / static_cast<double>(stretch.frames + 1);
}

double median(std::vector<double>& values) {
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace

Result<HarmonicStructure> harmonic_structure(AudioView mono, const dsp::F0Track& f0) {
  const auto stretches = steady_stretches(f0);
  if (stretches.empty())
    return make_error(ErrorCode::kInvalidArgument,
                      "the pitch is nowhere steady for sixteen periods, which is what harmonics "
                      "are measured of");
  std::array<std::vector<double>, kBands> db;
  for (const Stretch& stretch : stretches) {
    const auto begin =
        static_cast<std::size_t>(std::lround(f0.time_s(stretch.first) * mono.sample_rate_hz()));
    const auto length = static_cast<std::size_t>(
        std::ceil(static_cast<double>(stretch.frames) * f0.hop_s * mono.sample_rate_hz()));
    if (begin + length > mono.frames()) continue;
    SYRINX_ASSIGN(const auto bands, harmonic_bands(mono.slice(begin, length), mean_hz(f0, stretch),
                                                   {0.0, 1'000.0, 3'000.0, 6'000.0}));
    for (std::size_t b = 0; b < kBands; ++b) {
      if (std::isfinite(bands[b].hnr_db)) db[b].push_back(bands[b].hnr_db);
    }
  }
  return HarmonicStructure{median(db[0]), median(db[1]), median(db[2])};
}

}  // namespace syrinx::measure
