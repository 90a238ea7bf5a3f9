// SPDX-License-Identifier: Apache-2.0
// Gain, pan, width, mid/side, DC removal and delay against their formulas.
#include <gtest/gtest.h>

#include "syrinx/stages/effects/effect_test_support.h"

namespace syrinx::effects {
namespace {

TEST(Gain, HasItsGainAndAtZeroLeavesEveryBit) {
  for (const double db : {-60.0, -6.0, 12.0}) {
    auto effect = prepared("gain", {{"gain_db", db}});
    EXPECT_NEAR(impulse_gain_db(*effect, 1'000), db, 1e-4);
  }
  auto effect = prepared("gain");
  AudioBuffer audio = noise(1, 1'000);
  run(*effect, audio);
  EXPECT_TRUE(same(audio, noise(1, 1'000)));
}

// A step of gain on a steady level may move the output by no more per sample than a 20 ms glide.
TEST(Gain, GlidesToANewValueWithoutAClick) {
  auto effect = prepared("gain");
  AudioBuffer audio = constant(0.5f, 9'600);
  effect->process(audio.view().slice(0, 4'800));
  effect->set_parameter("gain_db", -60.0).value();
  effect->process(audio.view().slice(4'800, 4'800));
  for (std::size_t i = 1; i < audio.frames(); ++i)
    EXPECT_LT(std::abs(audio.channel(0)[i] - audio.channel(0)[i - 1]), 0.006f);
  EXPECT_NEAR(audio.channel(0)[9'599], 0.0005, 1e-6);
  EXPECT_EQ(effect->parameter(0), -60.0);
}

TEST(Pan, KeepsThePowerOfEqualChannelsAndTheMiddleUntouched) {
  for (const double position : {-1.0, -0.4, 0.0, 0.7, 1.0}) {
    auto effect = prepared("pan", {{"position", position}}, 2);
    AudioBuffer audio = constant(0.5f, 100, 2);
    run(*effect, audio);
    const double l = audio.channel(0)[99];
    const double r = audio.channel(1)[99];
    EXPECT_NEAR(l * l + r * r, 0.5, 1e-6);
    EXPECT_NEAR(std::atan2(r, l), (position + 1) * std::numbers::pi / 4, 1e-6);
  }
}

TEST(Width, ScalesWhatDiffersBetweenTheChannels) {
  for (const double width : {0.0, 0.5, 1.0, 2.0}) {
    auto effect = prepared("width", {{"width", width}}, 2);
    AudioBuffer audio = constant(0.5f, 10, 2);
    audio.channel(1)[9] = 0.1f;
    run(*effect, audio);
    EXPECT_NEAR(audio.channel(0)[9] + audio.channel(1)[9], 0.6, 1e-6);
    EXPECT_NEAR(audio.channel(0)[9] - audio.channel(1)[9], 0.4 * width, 1e-6);
  }
}

TEST(MidSide, ScalesMidAndSideApart) {
  auto effect = prepared("mid_side", {{"mid_db", -6.0}, {"side_db", 6.0}}, 2);
  AudioBuffer audio = constant(0.5f, 10, 2);
  audio.channel(1)[9] = 0.1f;
  run(*effect, audio);
  EXPECT_NEAR(audio.channel(0)[9] + audio.channel(1)[9], 0.6 * 0.501187, 1e-6);
  EXPECT_NEAR(audio.channel(0)[9] - audio.channel(1)[9], 0.4 * 1.995262, 1e-6);
}

TEST(StereoEffects, RefuseMonoWithASentence) {
  for (const auto name : {"pan", "width", "mid_side"}) {
    const auto refused = made(name)->prepare({48'000, 1, 512});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::kUnsupported);
    EXPECT_NE(refused.error().message.find("2 channels"), std::string::npos);
  }
}

TEST(DcRemoval, IsTheFirstOrderHighPassAndTakesTheOffsetAway) {
  auto effect = prepared("dc_removal", {{"corner_hz", 10.0}});
  for (const double hz : {2.0, 10.0, 100.0, 10'000.0}) {
    const double ratio = hz / 10.0;
    EXPECT_NEAR(impulse_gain_db(*effect, hz, 1.0f, 480'000),
                10 * std::log10(ratio * ratio / (1 + ratio * ratio)), 0.05);
  }
  effect->reset();
  AudioBuffer audio = constant(0.3f, 48'000);
  run(*effect, audio);
  EXPECT_LT(std::abs(audio.channel(0)[47'999]), 1e-6f);
}

TEST(Delay, RepeatsAfterItsTimeEachRepeatSofterByTheFeedback) {
  auto effect = prepared("delay", {{"time_ms", 10.0}, {"feedback", 0.5}, {"mix", 0.5}});
  AudioBuffer audio(1, 2'000, kTestRateHz);
  audio.channel(0)[0] = 1.0f;
  run(*effect, audio);
  for (std::size_t i = 0; i < audio.frames(); ++i) {
    const double expected = i % 480 != 0 ? 0.0 : i == 0 ? 0.5 : std::pow(0.5, double(i) / 480.0);
    ASSERT_NEAR(audio.channel(0)[i], expected, 1e-6) << i;
  }
}

TEST(Delay, DampingTakesTheHighsFromTheEcho) {
  auto effect = prepared("delay", {{"damping_hz", 1'000.0}, {"mix", 1.0}, {"feedback", 0.0}});
  const double keep = std::exp(-2 * std::numbers::pi * 1'000 / kTestRateHz);
  for (const double hz : {100.0, 1'000.0, 8'000.0}) {
    const auto z1 = std::polar(1.0, -2 * std::numbers::pi * hz / kTestRateHz);
    EXPECT_NEAR(impulse_gain_db(*effect, hz), decibels(std::abs((1 - keep) / (1.0 - keep * z1))),
                0.05);
  }
}

TEST(Apply, TakesTheFormatOfTheRecordingAndRefusesWhatNoEffectServes) {
  auto effect = made("gain", {{"gain_db", 6.0}});
  const AudioBuffer audio = noise(3, 10'000);
  const auto louder = apply(*effect, audio.view());
  ASSERT_TRUE(louder);
  EXPECT_EQ(louder->frames(), audio.frames());
  EXPECT_NEAR(louder->channel(2)[9'999], audio.channel(2)[9'999] * 1.995262, 1e-6);
  EXPECT_FALSE(apply(*effect, AudioBuffer().view()));
}

}  // namespace
}  // namespace syrinx::effects
