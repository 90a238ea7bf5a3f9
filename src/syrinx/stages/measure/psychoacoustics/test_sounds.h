// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstddef>
#include <functional>
#include <numbers>
#include <random>
#include <vector>

#include "syrinx/stages/measure/psychoacoustics/zwicker_loudness.h"

// The sounds that the definitions of psychoacoustic units name, at 48 kHz and Calibration{}.
namespace syrinx::measure::test_sounds {

inline constexpr int kRateHz = 48'000;

inline double amplitude_of(double db_spl) {
  return std::pow(10.0, (db_spl - Calibration{}.full_scale_db_spl) / 20.0);
}

inline AudioBuffer sound(double seconds, const std::function<double(double)>& at_s) {
  AudioBuffer audio(1, static_cast<std::size_t>(seconds * kRateHz), kRateHz);
  for (std::size_t i = 0; i < audio.frames(); ++i) {
    audio.channel(0)[i] = static_cast<float>(at_s(static_cast<double>(i) / kRateHz));
  }
  return audio;
}

inline AudioBuffer tone(double hz, double db_spl, double seconds) {
  const double a = amplitude_of(db_spl);
  return sound(seconds, [=](double t) { return a * std::sin(2 * std::numbers::pi * hz * t); });
}

// Amplitude modulated from zero to twice its mean at `depth` 1. The level is that of the carrier,
// or, with `of_all`, of the whole sound.
inline AudioBuffer modulated(double hz, double db_spl, double modulation_hz, double depth,
                             double seconds, bool of_all = true) {
  const double a = amplitude_of(db_spl) / (of_all ? std::sqrt(1.0 + depth * depth / 2.0) : 1.0);
  return sound(seconds, [=](double t) {
    const double envelope = 1.0 - depth * std::cos(2 * std::numbers::pi * modulation_hz * t);
    return a * envelope * std::sin(2 * std::numbers::pi * hz * t);
  });
}

// Noise of exactly these limits: lines 2 Hz apart with random phases, the same in each run.
inline AudioBuffer noise(double low_hz, double high_hz, double db_spl, double seconds) {
  constexpr double kSpacingHz = 2.0;
  constexpr auto kPeriod = static_cast<std::size_t>(kRateHz / kSpacingHz);
  std::minstd_rand random(45'692);
  std::vector<double> period(kPeriod);
  for (double hz = std::ceil(low_hz / kSpacingHz) * kSpacingHz; hz < high_hz; hz += kSpacingHz) {
    const double phase = std::uniform_real_distribution<double>(0, 2 * std::numbers::pi)(random);
    const double step = 2 * std::numbers::pi * hz / kRateHz;
    const std::complex<double> turn(std::cos(step), std::sin(step));
    std::complex<double> point(std::cos(phase), std::sin(phase));
    for (double& sample : period) {
      sample += point.imag();
      point *= turn;
    }
  }
  double power = 0.0;
  for (const double sample : period) power += sample * sample / static_cast<double>(kPeriod);
  const double gain = amplitude_of(db_spl) / std::sqrt(2.0 * power);
  AudioBuffer audio(1, static_cast<std::size_t>(seconds * kRateHz), kRateHz);
  for (std::size_t i = 0; i < audio.frames(); ++i) {
    audio.channel(0)[i] = static_cast<float>(gain * period[i % kPeriod]);
  }
  return audio;
}

// The same sound with the level that makes its stationary loudness `sone`.
inline AudioBuffer at_loudness(AudioBuffer audio, double sone) {
  for (int i = 0; i < 12; ++i) {
    const double now = stationary_loudness(audio, Calibration{}).value().sone;
    const double gain = std::pow(std::max(sone, 0.01) / std::max(now, 0.01), 1.66);
    for (float& sample : audio.channel(0)) sample *= static_cast<float>(gain);
    if (std::abs(now / sone - 1.0) < 1e-3) break;
  }
  return audio;
}

}  // namespace syrinx::measure::test_sounds
