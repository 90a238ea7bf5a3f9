// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstddef>

#include "syrinx/core/flow/audio.h"

namespace syrinx::conversion {

inline constexpr int kTestRateHz = 16'000;

// A vowel with three formants and a slow melody around this pitch.
inline AudioBuffer vowel(double seconds, double hz = 120.0) {
  AudioBuffer audio(1, static_cast<std::size_t>(seconds * kTestRateHz), kTestRateHz);
  constexpr double kFormants[] = {650.0, 1'200.0, 2'500.0};
  double turn = 0.0;
  for (std::size_t i = 0; i < audio.frames(); ++i) {
    const double t = static_cast<double>(i) / kTestRateHz;
    const double f0 = hz * std::exp2(0.2 * std::sin(2.0 * 3.14159265 * 0.7 * t));
    turn += f0 / kTestRateHz;
    turn -= std::floor(turn);
    double sum = 0.0;
    for (const double formant : kFormants) {
      const double since_s = turn / f0;
      sum +=
          std::exp(-3.14159265 * 90.0 * since_s) * std::sin(2.0 * 3.14159265 * formant * since_s);
    }
    const double level = 0.6 + 0.4 * std::sin(2.0 * 3.14159265 * 3.0 * t);
    audio.channel(0)[i] = static_cast<float>(0.1 * level * sum);
  }
  return audio;
}

// Adds a click of one sample every so often.
inline void add_clicks(AudioBuffer& audio, double every_s, float height = 0.7f) {
  const auto step = static_cast<std::size_t>(every_s * audio.sample_rate_hz());
  for (std::size_t i = step / 2; i < audio.frames(); i += step) audio.channel(0)[i] += height;
}

}  // namespace syrinx::conversion
