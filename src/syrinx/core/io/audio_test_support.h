// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <numbers>
#include <vector>

#include "syrinx/core/flow/audio.h"

// What the tests of audio files share.
namespace syrinx::io::testing {

// A chord, different in each channel, peaking at `peak`.
inline AudioBuffer make_chord(std::size_t channels, std::size_t frames, int sample_rate_hz,
                              double peak = 0.5) {
  AudioBuffer audio(channels, frames, sample_rate_hz);
  for (std::size_t c = 0; c < channels; ++c) {
    const double base_hz = 220.0 + 110.0 * static_cast<double>(c);
    for (std::size_t i = 0; i < frames; ++i) {
      const double angle = 2.0 * std::numbers::pi * base_hz * static_cast<double>(i) /
                           static_cast<double>(sample_rate_hz);
      const double value = 0.6 * std::sin(angle) + 0.4 * std::sin(1.5 * angle + 1.0);
      audio.channel(c)[i] = static_cast<float>(peak * value);
    }
  }
  return audio;
}

// The chord, each sample a whole number of steps of 2^(1 - bits), so that storing it loses nothing.
// Of 32 bits, the 24 that a float can hold.
inline AudioBuffer make_stepped_chord(std::size_t channels, std::size_t frames, int sample_rate_hz,
                                      int bits) {
  AudioBuffer audio = make_chord(channels, frames, sample_rate_hz, 0.9);
  for (std::size_t c = 0; c < channels; ++c) {
    for (float& sample : audio.channel(c)) {
      sample = std::ldexp(std::nearbyint(std::ldexp(sample, bits - 1)), 1 - bits);
    }
  }
  return audio;
}

// How far `b` is from `a` in decibels of a's energy, over their common length.
inline double snr_db(AudioView a, AudioView b) {
  double signal = 0.0;
  double noise = 1e-30;
  for (std::size_t c = 0; c < a.channels(); ++c) {
    for (std::size_t i = 0; i < std::min(a.frames(), b.frames()); ++i) {
      const double difference = static_cast<double>(a.channel(c)[i]) - b.channel(c)[i];
      signal += static_cast<double>(a.channel(c)[i]) * a.channel(c)[i];
      noise += difference * difference;
    }
  }
  return 10.0 * std::log10(signal / noise);
}

inline bool same_samples(AudioView a, AudioView b) {
  if (a.channels() != b.channels() || a.frames() != b.frames()) return false;
  for (std::size_t c = 0; c < a.channels(); ++c) {
    const auto x = a.channel(c);
    const auto y = b.channel(c);
    if (!std::equal(x.begin(), x.end(), y.begin())) return false;
  }
  return true;
}

inline std::vector<std::byte> read_bytes(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::vector<char> chars{std::istreambuf_iterator<char>(file), {}};
  std::vector<std::byte> bytes(chars.size());
  std::transform(chars.begin(), chars.end(), bytes.begin(),
                 [](char c) { return static_cast<std::byte>(c); });
  return bytes;
}

inline void write_bytes(const std::filesystem::path& path, const std::vector<std::byte>& bytes) {
  std::ofstream file(path, std::ios::binary);
  for (const std::byte byte : bytes) file.put(static_cast<char>(byte));
}

inline std::size_t files_in(const std::filesystem::path& folder) {
  const std::filesystem::directory_iterator entries(folder);
  return static_cast<std::size_t>(std::distance(begin(entries), end(entries)));
}

}  // namespace syrinx::io::testing
