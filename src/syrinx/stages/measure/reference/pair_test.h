// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <limits>
#include <numbers>
#include <random>
#include <span>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"

// Signals for the tests of this folder, and the bad pairs that every measure must answer.
namespace syrinx::measure {

inline std::vector<float> noise(std::size_t samples, unsigned seed, float level = 0.1f) {
  std::mt19937 random(seed);
  std::vector<float> out(samples);
  for (float& s : out)
    s = level * (static_cast<float>(random() >> 8) / static_cast<float>(1 << 23) - 1.0f);
  return out;
}

inline std::vector<float> sine(std::size_t samples, double hz, double rate_hz, double level = 0.5) {
  std::vector<float> out(samples);
  for (std::size_t n = 0; n < samples; ++n)
    out[n] = static_cast<float>(
        level * std::sin(2.0 * std::numbers::pi * hz * static_cast<double>(n) / rate_hz));
  return out;
}

// Noise that comes and goes as syllables do.
inline std::vector<float> babble(std::size_t samples, double rate_hz, unsigned seed) {
  auto out = noise(samples, seed, 0.3f);
  for (std::size_t n = 0; n < samples; ++n) {
    const double phase = 2.0 * std::numbers::pi * 4.0 * static_cast<double>(n) / rate_hz;
    out[n] *= static_cast<float>(0.55 - 0.45 * std::cos(phase));
  }
  return out;
}

// `channels` copies of one channel.
inline AudioBuffer copies(std::span<const float> mono, std::size_t channels, int rate_hz) {
  AudioBuffer buffer(channels, mono.size(), rate_hz);
  for (std::size_t c = 0; c < channels; ++c)
    std::copy(mono.begin(), mono.end(), buffer.channel(c).begin());
  return buffer;
}

template <class Measure>
void expect_refusal(Measure measure, AudioView reference, AudioView degraded, const char* word) {
  const auto result = measure(reference, degraded);
  ASSERT_FALSE(result.has_value()) << word;
  EXPECT_EQ(result.error().code, ErrorCode::kInvalidArgument) << word;
  EXPECT_NE(result.error().message.find(word), std::string::npos) << result.error().message;
}

// What no measure of a pair can answer: each gets kInvalidArgument and a sentence that names it.
template <class Measure>
void expect_refuses_bad_pairs(Measure measure, bool lengths_may_differ = false) {
  const auto good = noise(16'000, 1);
  const AudioView view(good, 16'000);
  auto with_nan = good;
  with_nan[77] = std::numeric_limits<float>::quiet_NaN();
  auto with_infinity = good;
  with_infinity[3] = std::numeric_limits<float>::infinity();
  expect_refusal(measure, view, AudioView(with_nan, 16'000), "sample 77");
  expect_refusal(measure, AudioView(with_infinity, 16'000), view, "sample 3");
  expect_refusal(measure, view, AudioView(good, 8'000), "8000 Hz");
  expect_refusal(measure, view, copies(good, 2, 16'000), "channels");
  expect_refusal(measure, view, view.slice(0, 0), "no samples");
  expect_refusal(measure, AudioView(), AudioView(), "no samples");
  expect_refusal(measure, AudioView(good, 0), AudioView(good, 0), "rate");
  const AudioView too_many(good.data(), 65, 10, 10, 16'000);
  expect_refusal(measure, too_many, too_many, "65 channels");
  if (!lengths_may_differ) expect_refusal(measure, view, view.slice(0, 15'000), "frames");
}

// Of 64 equal channels, a measure says what it says of one.
template <class Measure>
void expect_same_of_64_channels(Measure measure, std::span<const float> reference,
                                std::span<const float> degraded, int rate_hz) {
  const auto one = measure(AudioView(reference, rate_hz), AudioView(degraded, rate_hz));
  const auto many = measure(copies(reference, 64, rate_hz), copies(degraded, 64, rate_hz));
  ASSERT_TRUE(one.has_value()) << one.error().message;
  ASSERT_TRUE(many.has_value()) << many.error().message;
  EXPECT_NEAR(*one, *many, 1e-9 * (1.0 + std::abs(*one)));
}

}  // namespace syrinx::measure
