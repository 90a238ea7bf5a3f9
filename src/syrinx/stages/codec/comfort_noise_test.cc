// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/codec/comfort_noise.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

#include "support/realtime_guard.h"

namespace syrinx::codec {
namespace {

double level_db(AudioView audio) {
  double power = 0.0;
  for (const float sample : audio.channel(0)) power += std::pow(sample, 2);
  return 10 * std::log10(power / static_cast<double>(audio.frames()));
}

// Noise of a colour that a pole at z = `pole` gives, of 1 s.
AudioBuffer coloured(float pole, float gain) {
  std::mt19937 random(4);
  std::normal_distribution<float> white(0.0F, 1.0F);
  AudioBuffer audio(1, 8'000, 8'000);
  float y = 0.0F;
  for (float& sample : audio.channel(0)) sample = gain * (y = pole * y + white(random));
  return audio;
}

NoiseDescription heard(const AudioBuffer& audio) {
  NoiseAnalyser analyser;
  for (std::size_t at = 0; at + 160 <= audio.frames(); at += 160)
    analyser.add(audio.view().slice(at, 160));
  return analyser.description();
}

// RFC 3389, 3.2 gives N = 127 for 0 and k = 258 (N - 127) / 32768.
TEST(ComfortNoise, APayloadIsItsLevelAndItsCoefficients) {
  const std::vector<std::uint8_t> payload = {0x80 | 40, 127, 0, 254};
  const auto noise = parse_comfort_noise(payload);
  ASSERT_TRUE(noise.has_value());
  EXPECT_EQ(noise->level_dbov, -40);
  ASSERT_EQ(noise->order, 3U);
  EXPECT_EQ(noise->reflection[0], 0.0F);
  EXPECT_NEAR(noise->reflection[1], -0.98, 1e-6) << "-0.99995, kept from ringing";
  EXPECT_NEAR(noise->reflection[2], 0.98, 1e-6);
}

TEST(ComfortNoise, WhatIsWrittenIsReadAgain) {
  NoiseDescription noise{-55, 4, {0.5F, -0.25F, 0.75F, -0.9F}};
  std::vector<std::uint8_t> bytes(20);
  ASSERT_EQ(write_comfort_noise(noise, bytes), 5U);
  const auto again = parse_comfort_noise(std::span<const std::uint8_t>(bytes).first(5));
  EXPECT_EQ(again->level_dbov, -55);
  ASSERT_EQ(again->order, 4U);
  for (std::size_t i = 0; i < 4; ++i)
    EXPECT_NEAR(again->reflection[i], noise.reflection[i], 258.0 / 65'536 + 1e-6);
}

TEST(ComfortNoise, NoBytesAreRefusedAndTooManyAreCut) {
  EXPECT_EQ(parse_comfort_noise({}).error().code, ErrorCode::kCorruptData);
  EXPECT_EQ(parse_comfort_noise(std::vector<std::uint8_t>(100, 130))->order, kMaxNoiseOrder);
  EXPECT_EQ(parse_comfort_noise(std::vector<std::uint8_t>{30, 120, 255, 120})->order, 1U);
}

TEST(ComfortNoise, TheGeneratorKeepsTheLevelWhateverTheColour) {
  for (const int level : {-30, -50, -70}) {
    for (const float k : {0.0F, -0.9F, 0.7F}) {
      NoiseGenerator generator;
      generator.describe({level, 2, {k, 0.3F}});
      AudioBuffer out(1, 16'000, 8'000);
      generator.process(out.view());
      EXPECT_NEAR(level_db(out.view().slice(4'000, 12'000)), level, 1.0) << k;
    }
  }
}

TEST(ComfortNoise, WhatWasHeardIsHeardAgainInLevelAndColour) {
  for (const float pole : {0.9F, 0.0F, -0.7F}) {
    const AudioBuffer background = coloured(pole, 0.003F);
    NoiseGenerator generator;
    generator.describe(heard(background));
    AudioBuffer made(1, 16'000, 8'000);
    generator.process(made.view());
    const NoiseDescription first = heard(background);
    const NoiseDescription second = heard(AudioBuffer(made.view().slice(8'000, 8'000)));
    EXPECT_NEAR(first.level_dbov, second.level_dbov, 2);
    EXPECT_NEAR(first.reflection[0], second.reflection[0], 0.1);
    EXPECT_NEAR(first.reflection[0], -pole, 0.1) << "the first coefficient is the pole's";
  }
}

TEST(ComfortNoise, SilenceIsTheLowestLevelAndStaysSilent) {
  const NoiseDescription silence = heard(AudioBuffer(1, 8'000, 8'000));
  EXPECT_EQ(silence.level_dbov, -127);
  NoiseGenerator generator;
  generator.describe(silence);
  AudioBuffer out(1, 800, 8'000);
  generator.process(out.view());
  for (const float sample : out.channel(0)) EXPECT_EQ(sample, 0.0F);
}

TEST(ComfortNoise, BlocksOfAnySizeGiveTheSameNoise) {
  NoiseGenerator whole;
  NoiseGenerator parts;
  const NoiseDescription noise{-40, 3, {0.5F, -0.2F, 0.1F}};
  whole.describe(noise);
  parts.describe(noise);
  AudioBuffer a(1, 640, 8'000);
  AudioBuffer b(1, 640, 8'000);
  whole.process(a.view());
  for (std::size_t at = 0, size = 1; at < 640; at += size, size = size % 64 + 7)
    parts.process(b.view().slice(at, std::min(size, 640 - at)));
  for (std::size_t i = 0; i < 640; ++i) ASSERT_EQ(a.channel(0)[i], b.channel(0)[i]);
}

TEST(ComfortNoise, IsRealTimeSafe) {
  NoiseAnalyser analyser;
  NoiseGenerator generator;
  AudioBuffer block = coloured(0.5F, 0.01F);
  EXPECT_REALTIME_SAFE({
    analyser.add(block);
    generator.describe(analyser.description());
    generator.process(block.view());
    generator.reset();
    analyser.reset();
  });
}

}  // namespace
}  // namespace syrinx::codec
