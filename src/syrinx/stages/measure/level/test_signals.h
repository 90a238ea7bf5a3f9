// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstddef>
#include <numbers>
#include <utility>
#include <vector>

#include "syrinx/core/flow/audio.h"

// Signals with known answers, for tests and for the report of all measures.
namespace syrinx::measure {

// A sine in every channel; `dbfs` is its peak.
inline AudioBuffer sine(double seconds, double dbfs, double hz = 1'000, int rate_hz = 48'000,
                        std::size_t channels = 1) {
  const auto frames = static_cast<std::size_t>(std::llround(seconds * rate_hz));
  AudioBuffer audio(channels, frames, rate_hz);
  const double amplitude = std::pow(10.0, dbfs / 20);
  for (std::size_t i = 0; i < frames; ++i) {
    const double phase = 2 * std::numbers::pi * std::fmod(hz * static_cast<double>(i) / rate_hz, 1);
    for (std::size_t c = 0; c < channels; ++c) {
      audio.channel(c)[i] = static_cast<float>(amplitude * std::sin(phase));
    }
  }
  return audio;
}

// Stereo sines of 1 kHz in a row: {seconds, peak dBFS}, as EBU Tech 3341 and 3342 describe theirs.
inline AudioBuffer sines(const std::vector<std::pair<double, double>>& parts) {
  AudioBuffer audio;
  for (const auto& [seconds, dbfs] : parts) audio.append(sine(seconds, dbfs, 1'000, 48'000, 2));
  return audio;
}

}  // namespace syrinx::measure
