// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/effects/levels.h"

#include <gtest/gtest.h>

#include <limits>

#include "syrinx/stages/effects/effect_test_support.h"

namespace syrinx::effects {
namespace {

TEST(Fades, BeginAtSilenceEndAtTheSoundAndCross) {
  for (const auto shape : {FadeShape::kLinear, FadeShape::kEqualPower, FadeShape::kRaisedCosine}) {
    AudioBuffer audio = constant(1.0f, 4'800);
    fade_in(audio.view(), 0.01, shape).value();
    fade_out(audio.view(), 0.01, shape).value();
    EXPECT_EQ(audio.channel(0)[0], 0.0f);
    EXPECT_EQ(audio.channel(0)[4'799], 0.0f);
    EXPECT_EQ(audio.channel(0)[480], 1.0f);
    EXPECT_EQ(audio.channel(0)[4'319], 1.0f);
    for (std::size_t i = 1; i <= 480; ++i) EXPECT_GE(audio.channel(0)[i], audio.channel(0)[i - 1]);
  }
  for (double p = 0; p <= 1; p += 0.1) {
    const double power = fade_gain(FadeShape::kEqualPower, p);
    const double rest = fade_gain(FadeShape::kEqualPower, 1 - p);
    EXPECT_NEAR(power * power + rest * rest, 1, 1e-12);
    EXPECT_NEAR(fade_gain(FadeShape::kRaisedCosine, p) + fade_gain(FadeShape::kRaisedCosine, 1 - p),
                1, 1e-12);
  }
}

TEST(Fades, CoverAShortSoundWholeAndRefuseNegativeTimes) {
  AudioBuffer audio = constant(1.0f, 10);
  EXPECT_TRUE(fade_in(audio.view(), 100.0));
  EXPECT_EQ(audio.channel(0)[0], 0.0f);
  EXPECT_FALSE(fade_in(audio.view(), -1.0));
  EXPECT_FALSE(fade_out(audio.view(), std::numeric_limits<double>::quiet_NaN()));
}

TEST(Normalise, BringsThePeakToItsTargetAndTellsTheGain) {
  AudioBuffer audio = tone(997, 0.25, 48'000, 2);
  const double before = peak_of(audio.channel(0));
  const auto gain = normalise_peak(audio.view(), -1.0);
  ASSERT_TRUE(gain);
  EXPECT_NEAR(*gain, -1.0 - decibels(before), 1e-9);
  EXPECT_NEAR(decibels(peak_of(audio.channel(1))), -1.0, 1e-5);
  EXPECT_FALSE(normalise_peak(audio.view(), 0.1));
  EXPECT_FALSE(normalise_peak(audio.view(), -500.0));
}

TEST(Normalise, BringsTheRmsToItsTarget) {
  AudioBuffer audio = tone(1'000, 0.5, 48'000);
  EXPECT_NEAR(normalise_rms(audio.view(), -20.0).value(), -20.0 + decibels(2 * std::sqrt(2)), 1e-4);
  double sum = 0;
  for (const float x : audio.channel(0)) sum += double(x) * double(x);
  EXPECT_NEAR(10 * std::log10(sum / 48'000), -20.0, 1e-4);
}

TEST(Normalise, BringsAMeasuredLoudnessToItsTarget) {
  AudioBuffer audio = constant(0.1f, 10);
  EXPECT_NEAR(normalise_loudness(audio.view(), -29.0, -23.0).value(), 6.0, 1e-12);
  EXPECT_NEAR(audio.channel(0)[0], 0.1995262, 1e-6);
  EXPECT_FALSE(normalise_loudness(audio.view(), std::numeric_limits<double>::quiet_NaN(), -23.0));
}

TEST(Normalise, LeavesSilenceSilentAndTakesDamageForSilence) {
  AudioBuffer audio(2, 100, kTestRateHz);
  EXPECT_EQ(normalise_peak(audio.view(), -1.0).value(), 0.0);
  EXPECT_EQ(normalise_rms(audio.view(), -20.0).value(), 0.0);
  const double silent = -std::numeric_limits<double>::infinity();
  EXPECT_EQ(normalise_loudness(audio.view(), silent, -23.0).value(), 0.0);
  audio.channel(0)[3] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(normalise_peak(audio.view(), -1.0).value(), 0.0);
  EXPECT_EQ(audio.channel(0)[3], 0.0f);
  EXPECT_EQ(normalise_rms(AudioBuffer().view(), -20.0).value(), 0.0);
}

TEST(TrimSilence, KeepsTheSoundAndItsMargins) {
  AudioBuffer audio(2, 48'000, kTestRateHz);
  const AudioBuffer sound = tone(440, 0.5, 4'800);
  std::copy(sound.channel(0).begin(), sound.channel(0).end(), audio.channel(1).begin() + 24'000);
  const auto kept = find_sound(audio.view());
  ASSERT_TRUE(kept);
  EXPECT_EQ(*kept, (FrameRange{24'000 - 2'400, 28'800 + 2'400}));
  EXPECT_EQ(trim_silence(audio.view()).value().frames(), 9'600u);
}

TEST(TrimSilence, OfSilenceLeavesNothingAndRefusesBadOptions) {
  EXPECT_EQ(find_sound(AudioBuffer(1, 100, kTestRateHz).view()).value().frames(), 0u);
  EXPECT_EQ(find_sound(AudioBuffer().view()).value().frames(), 0u);
  EXPECT_EQ(find_sound(constant(0.5f, 1).view()).value().frames(), 1u);
  EXPECT_FALSE(find_sound(constant(0.5f, 1).view(), {.window_ms = 0}));
  EXPECT_FALSE(find_sound(constant(0.5f, 1).view(), {.keep_ms = -1}));
}

}  // namespace
}  // namespace syrinx::effects
