// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/reference/nsim.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace syrinx::measure {
namespace {

constexpr double kCorner = 0.0113033910173052;
constexpr double kEdge = 0.0838251475442633;
constexpr double kMiddle = 0.619485845753726;
constexpr double kIntensityFloor = 0.01 * 0.01;
constexpr double kStructureFloor = 0.03 * 0.03 / 2.0;

BandFrames cut(const BandFrames& spectrogram, std::size_t first, std::size_t frames) {
  BandFrames patch(frames, spectrogram.bands());
  for (std::size_t i = 0; i < frames && first + i < spectrogram.frames(); ++i) {
    const auto from = spectrogram.frame(first + i);
    std::copy(from.begin(), from.end(), patch.frame(i).begin());
  }
  return patch;
}

BandFrames product(const BandFrames& a, const BandFrames& b) {
  BandFrames out(a.frames(), a.bands());
  for (std::size_t n = 0; n < out.values().size(); ++n)
    out.values()[n] = a.values()[n] * b.values()[n];
  return out;
}

// Over each 3 x 3 neighbourhood; the border is repeated outwards.
BandFrames local_mean(const BandFrames& in) {
  BandFrames out(in.frames(), in.bands());
  for (std::size_t i = 0; i < in.frames(); ++i) {
    const auto before = in.frame(i > 0 ? i - 1 : 0);
    const auto here = in.frame(i);
    const auto after = in.frame(std::min(i + 1, in.frames() - 1));
    const auto mean = out.frame(i);
    for (std::size_t b = 0; b < in.bands(); ++b) {
      const std::size_t low = b > 0 ? b - 1 : 0;
      const std::size_t high = std::min(b + 1, in.bands() - 1);
      mean[b] = kCorner * (before[low] + before[high] + after[low] + after[high]) +
                kEdge * (before[b] + after[b] + here[low] + here[high]) + kMiddle * here[b];
    }
  }
  return out;
}

}  // namespace

NsimPatch::NsimPatch(const BandFrames& spectrogram, std::size_t first, std::size_t frames)
    : values_(cut(spectrogram, first, frames)),
      means_(local_mean(values_)),
      squares_(local_mean(product(values_, values_))) {}

std::vector<double> nsim(const NsimPatch& reference, const NsimPatch& degraded) {
  const BandFrames products = local_mean(product(reference.values_, degraded.values_));
  std::vector<double> bands(products.bands(), 0.0);
  for (std::size_t n = 0; n < products.values().size(); ++n) {
    const double r = reference.means_.values()[n];
    const double d = degraded.means_.values()[n];
    const double variances =
        (reference.squares_.values()[n] - r * r) * (degraded.squares_.values()[n] - d * d);
    const double deviations = variances > 0.0 ? std::sqrt(variances) : 0.0;
    const double intensity = (2.0 * r * d + kIntensityFloor) / (r * r + d * d + kIntensityFloor);
    const double structure =
        (products.values()[n] - r * d + kStructureFloor) / (deviations + kStructureFloor);
    bands[n % products.bands()] += intensity * structure;
  }
  for (double& band : bands) band /= static_cast<double>(products.frames());
  return bands;
}

double mean_of(const std::vector<double>& values) noexcept {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

}  // namespace syrinx::measure
