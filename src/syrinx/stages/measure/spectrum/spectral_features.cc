// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/spectrum/spectral_features.h"

#include <algorithm>
#include <cmath>
#include <span>

#include "syrinx/core/flow/mono.h"
#include "syrinx/stages/measure/level/level_view.h"
#include "syrinx/stages/measure/spectrum/frame_spectra.h"

namespace syrinx::measure {
namespace {

constexpr double kRolloffShare = 0.85;
constexpr double kLeastPower = 1e-20;    // Below, a frame is silent: rounding alone is more.
constexpr double kLeastRelative = 1e-6;  // Of the strongest frame, to count for the mean.
constexpr double kTiltLowHz = 50.0;
constexpr double kTiltHighHz = 10'000.0;

void fill_shape(SpectralFrame& frame, std::span<const double> power, double bin_hz) {
  // The bins at 0 Hz and at half the rate are left out: one is offset, both are half a bin.
  double sum = 0.0;
  double moment = 0.0;
  double logs = 0.0;
  for (std::size_t k = 1; k + 1 < power.size(); ++k) {
    sum += power[k];
    moment += power[k] * static_cast<double>(k);
    logs += std::log(std::max(power[k], 1e-40));
  }
  if (!(sum > kLeastPower)) return;
  const auto bins = static_cast<double>(power.size() - 2);
  frame.centroid_hz = bin_hz * moment / sum;
  frame.flatness = std::min(1.0, std::exp(logs / bins) * bins / sum);
  double below = 0.0;
  std::size_t k = 1;
  for (; k + 2 < power.size() && below + power[k] < kRolloffShare * sum; ++k) below += power[k];
  frame.rolloff_hz = bin_hz * static_cast<double>(k);
}

// Magnitudes scaled to a sum of squares of 1; all 0 for silence.
std::vector<double> unit_magnitudes(std::span<const double> power) {
  std::vector<double> unit(power.size());
  double sum = 0.0;
  for (std::size_t k = 1; k + 1 < power.size(); ++k) sum += power[k];
  if (!(sum > kLeastPower)) return unit;
  for (std::size_t k = 1; k + 1 < power.size(); ++k) unit[k] = std::sqrt(power[k] / sum);
  return unit;
}

double distance(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0.0;
  for (std::size_t k = 0; k < a.size(); ++k) sum += (a[k] - b[k]) * (a[k] - b[k]);
  return std::sqrt(sum);
}

// Changes of sign; a zero keeps the sign before it.
double crossings(std::span<const double> samples) {
  std::size_t count = 0;
  bool negative = false;
  bool known = false;
  for (const double v : samples) {
    if (v == 0.0) continue;
    if (known && (v < 0.0) != negative) ++count;
    negative = v < 0.0;
    known = true;
  }
  return static_cast<double>(count);
}

SpectralFrame mean_of(const std::vector<SpectralFrame>& frames) {
  double strongest = 0.0;
  for (const auto& frame : frames) strongest = std::max(strongest, frame.power);
  SpectralFrame mean;
  double count = 0.0;
  for (const auto& frame : frames) {
    if (!(frame.power > kLeastPower && frame.power >= kLeastRelative * strongest)) continue;
    count += 1.0;
    mean.centroid_hz += (frame.centroid_hz - mean.centroid_hz) / count;
    mean.rolloff_hz += (frame.rolloff_hz - mean.rolloff_hz) / count;
    mean.flatness += (frame.flatness - mean.flatness) / count;
    mean.flux += (frame.flux - mean.flux) / count;
    mean.zero_crossings_per_s += (frame.zero_crossings_per_s - mean.zero_crossings_per_s) / count;
    mean.power += (frame.power - mean.power) / count;
  }
  return mean;
}

// Slope of a line through third-octave band densities (dB) against octaves.
double tilt(const std::vector<double>& average, double bin_hz, double rate_hz) {
  const double ratio = std::exp2(1.0 / 6.0);
  const double high = std::min(kTiltHighHz, 0.45 * rate_hz);
  double n = 0.0;
  double sx = 0.0;
  double sy = 0.0;
  double sxx = 0.0;
  double sxy = 0.0;
  for (double hz = kTiltLowHz * ratio; hz * ratio <= high; hz *= ratio * ratio) {
    const auto first = static_cast<std::size_t>(std::ceil(hz / ratio / bin_hz));
    const auto last = static_cast<std::size_t>(hz * ratio / bin_hz);
    if (first < 2 || last < first) continue;  // Narrower than a bin, or beside the offset.
    double sum = 0.0;
    double octaves = 0.0;
    for (std::size_t k = first; k <= last; ++k) {
      sum += average[k];
      octaves += std::log2(static_cast<double>(k) * bin_hz);
    }
    const auto bins = static_cast<double>(last - first + 1);
    if (!(sum > 0.0)) continue;
    const double x = octaves / bins;
    const double y = power_db(sum / bins);
    n += 1.0;
    sx += x;
    sy += y;
    sxx += x * x;
    sxy += x * y;
  }
  const double spread = n * sxx - sx * sx;
  return n >= 2.0 && spread > 0.0 ? (n * sxy - sx * sy) / spread : 0.0;
}

Result<void> check(const SpectralOptions& options) {
  if (!(options.window_ms >= 5.0 && options.window_ms <= 1'000.0 && options.hop_ms >= 1.0 &&
        options.hop_ms <= 1'000.0))
    return make_error(ErrorCode::kInvalidArgument, "spectral features: a window of ",
                      options.window_ms, " ms and a hop of ", options.hop_ms,
                      " ms were given, but they must be 5 to 1000 and 1 to 1000");
  return {};
}

}  // namespace

Result<SpectralFeatures> spectral_features(AudioView audio, const SpectralOptions& options) {
  SYRINX_TRY(check_measurable("spectral features", audio));
  SYRINX_TRY(check(options));
  const double rate_hz = audio.sample_rate_hz();
  const auto mono = mean_of_channels(audio);
  const double hop = std::max(1.0, options.hop_ms * rate_hz / 1000.0);
  SYRINX_ASSIGN(auto spectra, FrameSpectra::create(mono, options.window_ms * rate_hz / 1000.0, hop,
                                                   dsp::WindowShape::kHann));
  const double bin_hz = rate_hz / static_cast<double>(spectra.window_samples());
  SpectralFeatures found;
  found.first_s = static_cast<double>(spectra.window_samples()) / 2.0 / rate_hz;
  found.hop_s = hop / rate_hz;
  std::vector<double> average(spectra.bins());
  std::vector<double> former;
  for (std::size_t t = 0; t < spectra.frames(); ++t) {
    const auto power = spectra.power(t);
    SpectralFrame frame;
    for (std::size_t k = 0; k < power.size(); ++k) {
      average[k] += power[k];
      frame.power += power[k];
    }
    fill_shape(frame, power, bin_hz);
    const auto shown = spectra.samples(t);
    frame.zero_crossings_per_s = crossings(shown) * rate_hz / static_cast<double>(shown.size());
    auto unit = unit_magnitudes(power);
    frame.flux = former.empty() ? 0.0 : distance(unit, former);
    former = std::move(unit);
    found.frames.push_back(frame);
  }
  found.mean = mean_of(found.frames);
  found.tilt_db_per_octave = tilt(average, bin_hz, rate_hz);
  return found;
}

}  // namespace syrinx::measure
