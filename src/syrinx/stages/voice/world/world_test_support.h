// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <random>
#include <span>

#include "syrinx/core/flow/audio.h"
#include "syrinx/stages/voice/world/voice_frames.h"

// Voices that are known, for tests.
namespace syrinx::voice {

// Pulses through a resonance at 700 Hz and one at 1,800 Hz, with a share of noise.
inline AudioBuffer vowel(double f0_hz, double seconds, int rate_hz, double noise_share = 0.0) {
  AudioBuffer audio(1, static_cast<std::size_t>(seconds * rate_hz), rate_hz);
  std::mt19937 random(3);
  std::normal_distribution<double> noise(0.0, 1.0);
  double state[2][2] = {};
  double phase = 0.0;
  for (float& out : audio.channel(0)) {
    phase += f0_hz / rate_hz;
    double x = std::sqrt(noise_share) * noise(random);
    if (phase >= 1.0) {
      phase -= 1.0;
      x += std::sqrt((1.0 - noise_share) * rate_hz / f0_hz);
    }
    const double centre[2] = {700.0, 1'800.0};
    for (int i = 0; i < 2; ++i) {
      const double r = std::exp(-3.14159265 * 120.0 / rate_hz);
      const double y = x + 2.0 * r * std::cos(6.2831853 * centre[i] / rate_hz) * state[i][0] -
                       r * r * state[i][1];
      state[i][1] = state[i][0];
      state[i][0] = y;
      x = y;
    }
    out = static_cast<float>(0.0005 * x * 48'000.0 / rate_hz);
  }
  return audio;
}

inline double rms(std::span<const float> x) {
  double sum = 0.0;
  for (const float v : x) sum += static_cast<double>(v) * static_cast<double>(v);
  return std::sqrt(sum / static_cast<double>(x.size()));
}

inline double mean_f0(const VoiceFrames& frames) {
  double sum = 0.0;
  double count = 0.0;
  for (const float hz : frames.f0_hz) {
    sum += static_cast<double>(hz);
    count += hz > 0.0f ? 1.0 : 0.0;
  }
  return count > 0.0 ? sum / count : 0.0;
}

}  // namespace syrinx::voice
