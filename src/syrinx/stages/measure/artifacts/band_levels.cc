// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/artifacts/band_levels.h"

#include <algorithm>
#include <cmath>

namespace syrinx::measure::artifacts {
namespace {

double mel_of(double hz) { return 2'595.0 * std::log10(1.0 + hz / 700.0); }
double hz_of(double mel) { return 700.0 * (std::pow(10.0, mel / 2'595.0) - 1.0); }

// The lower edge of band `i`; that of band kBands is the upper edge of the last.
double edge_hz(const BandSpec& spec, std::size_t i) {
  const double low = mel_of(spec.low_hz);
  const double width = (mel_of(spec.high_hz) - low) / static_cast<double>(kBands);
  return hz_of(low + width * static_cast<double>(i));
}

}  // namespace

std::vector<BandLevels> band_levels_db(Signal signal, const BandSpec& spec) {
  constexpr double kFloor = 1e-6;
  std::array<std::size_t, kBands + 1> edges{};
  for (std::size_t i = 0; i <= kBands; ++i) {
    const double bin = edge_hz(spec, i) * static_cast<double>(spec.size) / kRateHz;
    edges[i] = static_cast<std::size_t>(std::lround(bin));
  }
  std::vector<BandLevels> frames;
  for (const auto& spectrum : spectra_db(signal, spec.size, spec.hop)) {
    auto& levels = frames.emplace_back();
    for (std::size_t b = 0; b < kBands; ++b) {
      const std::size_t end = std::max(edges[b + 1], edges[b] + 1);
      double power = kFloor;
      for (std::size_t k = edges[b]; k < end; ++k)
        power += std::pow(10.0, static_cast<double>(spectrum[k]) / 10.0);
      levels[b] = 10.0 * std::log10(power);
    }
  }
  return frames;
}

BandLevels band_octaves(const BandSpec& spec) {
  BandLevels octaves{};
  for (std::size_t b = 0; b < kBands; ++b)
    octaves[b] = 0.5 * std::log2(edge_hz(spec, b) * edge_hz(spec, b + 1) / 1e6);
  return octaves;
}

}  // namespace syrinx::measure::artifacts
