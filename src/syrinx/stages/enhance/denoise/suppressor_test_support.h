// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <random>
#include <vector>

#include "syrinx/core/flow/audio.h"
#include "syrinx/stages/enhance/denoise/noise_suppressor.h"

namespace syrinx::enhance::testing {

inline AudioBuffer noise(std::size_t frames, int rate_hz, float level, std::size_t channels = 1) {
  std::mt19937 engine(11);
  std::normal_distribution<float> spread(0.0f, level);
  AudioBuffer audio(channels, frames, rate_hz);
  for (std::size_t c = 0; c < channels; ++c)
    for (float& x : audio.channel(c)) x = spread(engine);
  return audio;
}

// The sound in blocks of that size, 0 for the largest that was prepared for.
inline AudioBuffer sent_through(NoiseSuppressor& suppressor, AudioView sound,
                                std::size_t block = 0) {
  AudioBuffer out(sound);
  if (block == 0) block = suppressor.format().max_block_frames;
  for (std::size_t at = 0; at < out.frames(); at += block)
    suppressor.process(out.view().slice(at, std::min(block, out.frames() - at)));
  return out;
}

inline double power_db(std::span<const float> x) {
  double sum = 1e-20;
  for (const float v : x) sum += static_cast<double>(v) * static_cast<double>(v);
  return 10.0 * std::log10(sum / static_cast<double>(x.size()));
}

// Signal over difference, dB, of what lies `latency` samples later; `skip` samples left out.
inline double match_db(std::span<const float> wanted, std::span<const float> got,
                       std::size_t latency, std::size_t skip) {
  double signal = 1e-20;
  double error = 1e-20;
  for (std::size_t i = skip; i + latency < got.size() && i < wanted.size(); ++i) {
    const double difference = static_cast<double>(got[i + latency] - wanted[i]);
    signal += static_cast<double>(wanted[i]) * static_cast<double>(wanted[i]);
    error += difference * difference;
  }
  return 10.0 * std::log10(signal / error);
}

}  // namespace syrinx::enhance::testing
