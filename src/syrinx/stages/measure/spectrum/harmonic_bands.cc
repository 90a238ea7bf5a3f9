// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "syrinx/core/flow/mono.h"
#include "syrinx/stages/measure/level/level_view.h"
#include "syrinx/stages/measure/spectrum/frame_spectra.h"
#include "syrinx/stages/measure/spectrum/spectral_features.h"

namespace syrinx::measure {
namespace {

// A Blackman window's main lobe is three bins to each side: within a quarter of f0 at sixteen
// periods, where a bin is a sixteenth.
constexpr double kPeriodsPerWindow = 16.0;

Result<void> check(AudioView audio, double f0_hz, const std::vector<double>& edges_hz) {
  SYRINX_TRY(check_measurable("harmonic bands", audio));
  if (!(f0_hz >= 20.0 && f0_hz <= audio.sample_rate_hz() / 8.0))
    return make_error(ErrorCode::kInvalidArgument, "harmonic bands: F0 is ", f0_hz,
                      " Hz but must be 20 to an eighth of the rate, ",
                      audio.sample_rate_hz() / 8.0);
  const bool rising = std::adjacent_find(edges_hz.begin(), edges_hz.end(),
                                         std::greater_equal<>()) == edges_hz.end();
  const bool finite = std::all_of(edges_hz.begin(), edges_hz.end(),
                                  [](double hz) { return std::isfinite(hz) && hz >= 0.0; });
  if (edges_hz.size() < 2 || !finite || !rising)
    return make_error(ErrorCode::kInvalidArgument,
                      "harmonic bands: give at least two edges in Hz, each above the one before");
  return {};
}

double ratio_db(const std::vector<double>& power, double bin_hz, double f0_hz, double low_hz,
                double high_hz) {
  double harmonic = 0.0;
  double rest = 0.0;
  double harmonic_bins = 0.0;
  double rest_bins = 0.0;
  for (std::size_t k = 1; k + 1 < power.size(); ++k) {
    const double hz = bin_hz * static_cast<double>(k);
    const double order = hz / f0_hz;
    if (hz < low_hz || hz >= high_hz || order < 0.5) continue;
    const bool near = std::abs(order - std::round(order)) < 0.25;
    (near ? harmonic : rest) += power[k];
    (near ? harmonic_bins : rest_bins) += 1.0;
  }
  if (harmonic_bins == 0.0 || rest_bins == 0.0 || !(harmonic + rest > 1e-20))
    return std::numeric_limits<double>::quiet_NaN();
  return power_db(harmonic / harmonic_bins) - power_db(rest / rest_bins);
}

}  // namespace

Result<std::vector<HarmonicBand>> harmonic_bands(AudioView audio, double f0_hz,
                                                 const std::vector<double>& edges_hz) {
  SYRINX_TRY(check(audio, f0_hz, edges_hz));
  const auto mono = mean_of_channels(audio);
  const double window = kPeriodsPerWindow * audio.sample_rate_hz() / f0_hz;
  SYRINX_ASSIGN(auto spectra,
                FrameSpectra::create(mono, window, window / 4.0, dsp::WindowShape::kBlackman));
  const double bin_hz = audio.sample_rate_hz() / static_cast<double>(spectra.window_samples());
  std::vector<double> average(spectra.bins());
  for (std::size_t t = 0; t < spectra.frames(); ++t) {
    const auto power = spectra.power(t);
    for (std::size_t k = 0; k < power.size(); ++k) average[k] += power[k];
  }
  std::vector<HarmonicBand> bands;
  for (std::size_t i = 0; i + 1 < edges_hz.size(); ++i) {
    bands.push_back({edges_hz[i], edges_hz[i + 1],
                     ratio_db(average, bin_hz, f0_hz, edges_hz[i], edges_hz[i + 1])});
  }
  return bands;
}

}  // namespace syrinx::measure
