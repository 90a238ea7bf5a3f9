// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <memory>
#include <utility>

#include "syrinx/core/flow/audio.h"
#include "syrinx/core/flow/buffer_source.h"

namespace syrinx::conversion {

inline constexpr int kTestRateHz = 16'000;

inline AudioBuffer all_of(AudioSource& source) {
  AudioBuffer all;
  AudioBuffer block;
  while (source.next(block, {}).value()) all.append(block);
  return all;
}

// How a made voice speaks.
struct Manner {
  double f0_hz = 120.0;
  double swing_semitones = 3.0;  // To either side, 0.6 times a second.
  double syllables_per_s = 4.0;
  double depth_db = 12.0;  // Between a syllable's middle and its edge.
  double level = 0.2;
};

// Syllables of a buzz with a melody.
inline AudioBuffer chant(const Manner& manner, double seconds) {
  constexpr double kTurn = 2.0 * 3.14159265358979;
  AudioBuffer audio(1, static_cast<std::size_t>(seconds * kTestRateHz), kTestRateHz);
  double turn = 0.0;
  for (std::size_t i = 0; i < audio.frames(); ++i) {
    const double t = static_cast<double>(i) / kTestRateHz;
    const double melody = manner.swing_semitones * std::sin(kTurn * 0.6 * t);
    turn += manner.f0_hz * std::exp2(melody / 12.0) / kTestRateHz;
    turn -= std::floor(turn);
    const double swell = 0.5 - 0.5 * std::cos(kTurn * manner.syllables_per_s * t);
    const double gain = manner.level * std::pow(10.0, manner.depth_db * (swell - 1.0) / 20.0);
    const double wave = std::exp(-8.0 * turn) * std::sin(60.0 * turn);
    audio.channel(0)[i] = static_cast<float>(gain * wave);
  }
  return audio;
}

}  // namespace syrinx::conversion
