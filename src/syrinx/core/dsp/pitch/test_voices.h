// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstddef>
#include <numbers>
#include <random>

#include "syrinx/core/flow/audio.h"

// Sounds of known pitch, for tests.
namespace syrinx::dsp {

// The harmonics of a pitch that rises evenly in octaves from one value to another, below 4 kHz and
// half the rate, the k-th at 1/k.
inline AudioBuffer gliding_tone(double from_hz, double to_hz, double seconds, int rate_hz) {
  AudioBuffer audio(1, static_cast<std::size_t>(seconds * rate_hz), rate_hz);
  const double top_hz = std::min(4'000.0, 0.45 * rate_hz);
  const double octaves = std::log2(to_hz / from_hz);
  double turns = 0.0;
  for (std::size_t i = 0; i < audio.frames(); ++i) {
    const double hz =
        from_hz * std::exp2(octaves * (static_cast<double>(i) + 0.5) / (seconds * rate_hz));
    double sum = 0.0;
    for (int k = 1; k * hz < top_hz; ++k) {
      sum += std::sin(2.0 * std::numbers::pi * k * turns) / k;
    }
    audio.channel(0)[i] = static_cast<float>(0.2 * sum);
    turns += hz / rate_hz;
  }
  return audio;
}

inline AudioBuffer harmonic_tone(double hz, double seconds, int rate_hz) {
  return gliding_tone(hz, hz, seconds, rate_hz);
}

inline AudioBuffer white_noise(double seconds, int rate_hz, double deviation = 0.1) {
  AudioBuffer audio(1, static_cast<std::size_t>(seconds * rate_hz), rate_hz);
  std::mt19937 random(7);
  std::normal_distribution<double> noise(0.0, deviation);
  for (float& v : audio.channel(0)) v = static_cast<float>(noise(random));
  return audio;
}

}  // namespace syrinx::dsp
