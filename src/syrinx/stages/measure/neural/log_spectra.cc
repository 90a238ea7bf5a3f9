// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/neural/log_spectra.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <limits>

#include "syrinx/core/dsp/fft.h"
#include "syrinx/core/dsp/mel_filterbank.h"
#include "syrinx/core/dsp/window.h"

namespace syrinx::measure {
namespace {

constexpr double kSmallestPower = 1e-10;
constexpr double kDepthDb = 80.0;

// Row-major [band][bin]: triangles of unit area, evenly spaced in mels from 0 to half the rate.
// dsp::MelFilterbank has the same for even FFT sizes.
std::vector<double> mel_weights(const RelativeMelSpec& spec) {
  const std::size_t bins = spec.fft_size / 2 + 1;
  const double top = dsp::hz_to_mel(spec.sample_rate_hz / 2.0, MelScale::kSlaney);
  const auto corner = [&](std::size_t i) {
    return dsp::mel_to_hz(top * static_cast<double>(i) / static_cast<double>(spec.bands + 1),
                          MelScale::kSlaney);
  };
  std::vector<double> weights(spec.bands * bins);
  for (std::size_t band = 0; band < spec.bands; ++band) {
    const double begin = corner(band), peak = corner(band + 1), end = corner(band + 2);
    for (std::size_t bin = 0; bin < bins; ++bin) {
      const double hz =
          static_cast<double>(bin) * spec.sample_rate_hz / static_cast<double>(spec.fft_size);
      const double height = std::min((hz - begin) / (peak - begin), (end - hz) / (end - peak));
      weights[band * bins + bin] = std::max(0.0, height) * 2.0 / (end - begin);
    }
  }
  return weights;
}

// In place: power to decibels under the loudest, then [-80, 0] to [-1, 1].
void to_relative_db(std::vector<float>& power) {
  const auto loudest = std::max_element(power.begin(), power.end());
  if (loudest == power.end()) return;
  const double reference_db = 10.0 * std::log10(std::max<double>(*loudest, kSmallestPower));
  for (float& value : power) {
    const double db = 10.0 * std::log10(std::max<double>(value, kSmallestPower)) - reference_db;
    value = static_cast<float>((std::max(db, -kDepthDb) + 40.0) / 40.0);
  }
}

// The window's worth of samples from `begin` on, zero outside the signal, weighted.
template <class Sample>
void cut(std::span<const float> samples, std::ptrdiff_t begin, std::span<const float> window,
         std::span<Sample> out) {
  const auto size = static_cast<std::ptrdiff_t>(samples.size());
  for (std::size_t i = 0; i < window.size(); ++i) {
    const std::ptrdiff_t at = begin + static_cast<std::ptrdiff_t>(i);
    const bool inside = at >= 0 && at < size;
    out[i] = inside ? samples[static_cast<std::size_t>(at)] * window[i] : 0.0f;
  }
}

}  // namespace

Result<Features> relative_mel(std::span<const float> samples, const RelativeMelSpec& spec) {
  SYRINX_ASSIGN(auto fft, dsp::Fft::create(spec.fft_size));
  const std::size_t bins = spec.fft_size / 2 + 1;
  const std::size_t centre = spec.fft_size / 2;
  const auto weights = mel_weights(spec);
  const auto window = dsp::make_window(dsp::WindowShape::kHann, spec.fft_size);
  Features mel{0, spec.bands, {}};
  if (samples.size() + 2 * centre >= spec.fft_size)
    mel.frames = 1 + (samples.size() + 2 * centre - spec.fft_size) / spec.hop_samples;
  mel.values.resize(mel.frames * mel.bands);
  std::vector<std::complex<float>> frame(spec.fft_size);
  std::vector<std::complex<float>> spectrum(spec.fft_size);
  for (std::size_t f = 0; f < mel.frames; ++f) {
    const auto begin = static_cast<std::ptrdiff_t>(f * spec.hop_samples);
    cut(samples, begin - static_cast<std::ptrdiff_t>(centre), window, std::span(frame));
    fft.forward(frame, spectrum);
    for (std::size_t band = 0; band < mel.bands; ++band) {
      double sum = 0.0;
      for (std::size_t bin = 0; bin < bins; ++bin)
        sum += weights[band * bins + bin] * std::norm(spectrum[bin]);
      mel.values[f * mel.bands + band] = static_cast<float>(sum);
    }
  }
  to_relative_db(mel.values);
  return mel;
}

Features log_power(std::span<const float> samples) {
  constexpr std::size_t kSize = 512, kHop = 256;
  auto fft = dsp::RealFft::create(kSize).value();
  const auto window = dsp::make_window(dsp::WindowShape::kHamming, kSize);
  Features log{(samples.size() + kHop + kHop - 1) / kHop, fft.bins(), {}};
  log.values.resize(log.frames * log.bands);
  std::vector<float> frame(kSize);
  std::vector<std::complex<float>> spectrum(fft.bins());
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t f = 0; f < log.frames; ++f) {
    const auto begin = static_cast<std::ptrdiff_t>(f * kHop) - static_cast<std::ptrdiff_t>(kHop);
    cut(samples, begin, window, std::span(frame));
    fft.forward(frame, spectrum);
    for (std::size_t bin = 0; bin < log.bands; ++bin) {
      const double power = std::norm(std::complex<double>(spectrum[bin]));
      if (power > 0.0) least = std::min(least, std::log(power));
      log.values[f * log.bands + bin] = static_cast<float>(std::log(power) / 20.0);
    }
  }
  const double db = std::log(10.0) / 10.0;
  const double floor = std::isfinite(least) ? least - 120.0 * db : -80.0 * db;
  for (float& value : log.values)
    if (std::isinf(value)) value = static_cast<float>(floor / 20.0);
  return log;
}

}  // namespace syrinx::measure
