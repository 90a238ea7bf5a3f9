// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/vocoder/melgan/pqmf.h"

#include <cmath>
#include <numbers>

#include "syrinx/core/dsp/window.h"

namespace syrinx::vocoder {
namespace {

std::int64_t floor_divide(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

}  // namespace

std::vector<double> pqmf_filters(const PqmfDesign& design, bool synthesis) {
  const std::size_t length = design.taps + 1;
  const auto window = dsp::make_window(dsp::WindowShape::kKaiser, length,
                                       dsp::WindowSymmetry::kSymmetric, design.kaiser_beta);
  std::vector<double> filters;
  for (std::size_t band = 0; band < design.sub_bands; ++band)
    for (std::size_t n = 0; n < length; ++n) {
      const double t = static_cast<double>(n) - static_cast<double>(design.taps) / 2;
      const double low_pass =
          t == 0 ? design.cutoff_ratio
                 : std::sin(std::numbers::pi * design.cutoff_ratio * t) / (std::numbers::pi * t);
      const double centre = (2.0 * static_cast<double>(band) + 1) * std::numbers::pi /
                            (2.0 * static_cast<double>(design.sub_bands));
      const double phase =
          (band % 2 == 0) == synthesis ? -std::numbers::pi / 4 : std::numbers::pi / 4;
      filters.push_back(2 * low_pass * double{window[n]} * std::cos(centre * t + phase));
    }
  return filters;
}

PqmfSynthesis make_pqmf_synthesis(std::span<const float> filters, std::size_t sub_bands) {
  const auto bands = static_cast<std::int64_t>(sub_bands);
  const auto length = static_cast<std::int64_t>(filters.size() / sub_bands);
  const std::int64_t half = length / 2;
  PqmfSynthesis made;
  made.sub_bands = sub_bands;
  made.behind = half / bands;
  made.ahead = floor_divide(bands - 1 + length - 1 - half, bands);
  const auto rows = static_cast<std::size_t>(made.behind + 1 + made.ahead);
  made.length = (rows * sub_bands + 15) / 16 * 16;
  made.weights.assign(sub_bands * made.length, 0.0F);
  // Zeros stand between the samples of a band: tap n meets one where p + n - half is a whole row.
  for (std::int64_t p = 0; p < bands; ++p)
    for (std::int64_t n = 0; n < length; ++n) {
      const std::int64_t at = p + n - half;
      const std::int64_t row = floor_divide(at, bands);
      if (row * bands != at) continue;
      for (std::int64_t band = 0; band < bands; ++band)
        made.weights[static_cast<std::size_t>(p) * made.length +
                     static_cast<std::size_t>((row + made.behind) * bands + band)] =
            static_cast<float>(sub_bands) * filters[static_cast<std::size_t>(band * length + n)];
    }
  return made;
}

}  // namespace syrinx::vocoder
