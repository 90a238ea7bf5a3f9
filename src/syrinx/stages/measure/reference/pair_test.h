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

// Sounds that nobody meant to be measured: each is legal.
inline std::vector<std::vector<float>> odd_signals(std::size_t samples) {
  std::vector<std::vector<float>> odd;
  odd.emplace_back(samples, 0.5f);  // A constant.
  odd.emplace_back(samples, 0.0f);
  odd.back()[samples / 2] = 1.0f;  // A click.
  odd.push_back(noise(samples, 41, 1e-20f));
  odd.push_back(noise(samples, 42, 1e15f));
  odd.push_back(sine(samples, 0.5, 16'000.0));
  odd.push_back(noise(samples / 3, 43));
  odd.push_back(noise(samples * 2, 44));
  odd.push_back(noise(samples, 45));
  std::fill(odd.back().begin() + static_cast<std::ptrdiff_t>(samples / 10), odd.back().end(), 0.0f);
  odd.push_back(noise(samples, 46));
  std::fill(odd.back().begin(), odd.back().end() - static_cast<std::ptrdiff_t>(samples / 10), 0.0f);
  return odd;
}

// Each pair of them is refused in words or gets a number within the range.
template <class Measure>
void expect_answers_odd_pairs(Measure measure, std::size_t samples, int rate_hz, double lowest,
                              double highest) {
  const auto odd = odd_signals(samples);
  for (std::size_t r = 0; r < odd.size(); ++r)
    for (std::size_t d = 0; d < odd.size(); ++d) {
      const auto result = measure(AudioView(odd[r], rate_hz), AudioView(odd[d], rate_hz));
      if (!result.has_value()) {
        EXPECT_FALSE(result.error().message.empty());
        continue;
      }
      EXPECT_GE(*result, lowest) << r << " against " << d;
      EXPECT_LE(*result, highest) << r << " against " << d;
    }
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
