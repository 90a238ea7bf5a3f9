// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "syrinx/stages/measure/artifacts/features.h"

namespace syrinx::measure::artifacts {

inline constexpr std::size_t kBands = 24;

// What a stretch of sound holds, in dB, in bands whose edges lie evenly in mel.
using BandLevels = std::array<double, kBands>;

// The bands between `low_hz` and `high_hz` of windows of `size` samples, `hop` apart. Frame i shows
// the samples from i * hop on.
struct BandSpec {
  std::size_t size = 320;
  std::size_t hop = 80;
  double low_hz = 150.0;
  double high_hz = 7'000.0;
};
std::vector<BandLevels> band_levels_db(Signal signal, const BandSpec& spec);

// The middles of the bands, in octaves over 1 kHz.
BandLevels band_octaves(const BandSpec& spec);

}  // namespace syrinx::measure::artifacts
