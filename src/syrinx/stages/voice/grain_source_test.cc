// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/voice/grain_source.h"

#include <gtest/gtest.h>

#include <cmath>

#include "syrinx/stages/voice/voice_test_support.h"

namespace syrinx::voice {
namespace {

AudioBuffer spoken(const AudioBuffer& audio, const GrainSourceOptions& options,
                   std::size_t block = 3'000) {
  auto source = GrainSource::create(std::make_unique<BufferSource>(audio, block), options).value();
  return all_of(*source);
}

TEST(GrainSource, LastsAsLongAsTheSpeedSays) {
  const AudioBuffer voice = voice_at(140.0, 1.3, 22'050);
  for (const double speed : {0.25, 0.5, 0.9, 1.0, 1.37, 2.0, 4.0}) {
    GrainSourceOptions options;
    options.speed = speed;
    const AudioBuffer out = spoken(voice, options);
    EXPECT_EQ(out.frames(),
              static_cast<std::size_t>(std::llround(static_cast<double>(voice.frames()) / speed)))
        << speed;
  }
}

TEST(GrainSource, KeepsThePitchAtAnySpeed) {
  for (const double hz : {85.0, 140.0, 230.0}) {
    const AudioBuffer voice = voice_at(hz, 1.5, 22'050);
    for (const double speed : {0.5, 0.8, 1.25, 2.0}) {
      GrainSourceOptions options;
      options.speed = speed;
      EXPECT_NEAR(median_f0(spoken(voice, options)) / hz, 1.0, 0.005) << hz << " at " << speed;
    }
  }
}

TEST(GrainSource, KeepsTimeWithTheSource) {
  // A voice between 0.5 and 1 s: at half the speed, between 1 and 2.
  AudioBuffer audio(1, 22'050 * 3 / 2, 22'050);
  const AudioBuffer voice = voice_at(120.0, 0.5, 22'050);
  for (float& x : audio.channel(0)) x = 0.0f;
  std::copy(voice.channel(0).begin(), voice.channel(0).end(), audio.channel(0).begin() + 11'025);
  GrainSourceOptions options;
  options.speed = 0.5;
  const AudioBuffer out = spoken(audio, options);
  const auto x = out.channel(0);
  EXPECT_LT(power(x.subspan(0, 21'400)), 1e-6);
  EXPECT_GT(power(x.subspan(22'700, 20'000)), 1e-4);
  EXPECT_LT(power(x.subspan(45'000, 20'000)), 1e-6);
}

TEST(GrainSource, GivesTheSameForAnyBlocksOfItsSource) {
  const AudioBuffer voice = voice_at(140.0, 0.5, 16'000);
  GrainSourceOptions options;
  options.speed = 1.3;
  options.settings.pitch_ratio = 1.2;
  const AudioBuffer whole = spoken(voice, options, voice.frames());
  for (const std::size_t block : {1u, 7u, 64u})
    EXPECT_TRUE(same(spoken(voice, options, block), whole));
}

TEST(GrainSource, SpeaksAsTheSourceWhereNothingIsAskedFor) {
  const AudioBuffer voice = voice_at(110.0, 1.0, 24'000);
  const AudioBuffer out = spoken(voice, {});
  ASSERT_EQ(out.frames(), voice.frames());
  for (std::size_t i = 0; i < out.frames(); ++i)
    ASSERT_NEAR(out.channel(0)[i], voice.channel(0)[i], 1e-3f) << i;
}

TEST(GrainSource, SpeaksAVoiceThatLiesOnAConstantAsWithoutIt) {
  AudioBuffer voice(1, 24'000, 24'000);  // The constant is there a second before.
  voice.append(voice_at(110.0, 1.0, 24'000));
  AudioBuffer lifted = voice;
  for (float& x : lifted.channel(0)) x += 0.3f;
  GrainSourceOptions options;
  options.speed = 1.25;
  options.settings.pitch_ratio = 0.8;
  const AudioBuffer expected = spoken(voice, options);
  const AudioBuffer out = spoken(lifted, options);
  for (std::size_t i = 20'000; i + 1'000 < out.frames(); ++i)  // Where it ends, it is a step.
    ASSERT_NEAR(out.channel(0)[i] - 0.3f, expected.channel(0)[i], 1e-3f) << i;
}

// Every second period is weaker: at twice the speed half of the periods are left, and they are
// neither the strong nor the weak ones.
TEST(GrainSource, SpeaksFastWithTheMeanOfNeighbours) {
  const AudioBuffer voice = voice_at(100.0, 1.0, 16'000);
  AudioBuffer uneven = voice;
  for (std::size_t i = 0; i < uneven.frames(); ++i)
    if (i / 160 % 2 == 1) uneven.channel(0)[i] *= 0.6f;
  GrainSourceOptions options;
  options.speed = 2.0;
  const auto level = [&](const AudioBuffer& sound) {
    return std::sqrt(power(spoken(sound, options).view().channel(0).subspan(2'000, 4'000)));
  };
  EXPECT_NEAR(level(uneven) / level(voice), 0.8, 0.1);
}

// Its grains, 4 ms apart, have little to do with each other where they cross.
TEST(GrainSource, KeepsTheLevelOfNoiseEvenThroughoutItsGrains) {
  const AudioBuffer hiss = noise(1, 64'000, 16'000);
  for (const double speed : {0.6, 1.5}) {
    GrainSourceOptions options;
    options.speed = speed;
    const AudioBuffer out = spoken(hiss, options);
    constexpr std::size_t kGrain = 64;
    constexpr std::size_t kParts = 8;
    double of_part[kParts] = {};
    const auto x = out.channel(0);
    for (std::size_t i = 0; i < x.size() / kGrain * kGrain; ++i)
      of_part[i % kGrain / (kGrain / kParts)] += static_cast<double>(x[i]) * x[i];
    const auto [least, most] = std::minmax_element(std::begin(of_part), std::end(of_part));
    EXPECT_LT(10.0 * std::log10(*most / *least), 0.5) << speed;
    EXPECT_NEAR(10.0 * std::log10(power(x) / power(hiss.channel(0))), 0.0, 0.3) << speed;
  }
}

TEST(GrainSource, TakesSoundsOfNoLengthAndOfTwentyMilliseconds) {
  for (const std::size_t frames : {1u, 20u, 441u, 960u}) {
    const AudioBuffer sound = noise(2, frames, 48'000);
    GrainSourceOptions options;
    options.speed = 0.5;
    options.separate_channels = true;
    EXPECT_EQ(spoken(sound, options).frames(), 2 * frames);
  }
}

TEST(GrainSource, RefusesASpeedOutOfRange) {
  for (const double speed : {0.0, 0.2, 4.1, std::nan("")}) {
    GrainSourceOptions options;
    options.speed = speed;
    const auto made =
        GrainSource::create(std::make_unique<BufferSource>(noise(1, 10, 8'000), 10), options);
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, ErrorCode::kInvalidArgument);
  }
}

}  // namespace
}  // namespace syrinx::voice
