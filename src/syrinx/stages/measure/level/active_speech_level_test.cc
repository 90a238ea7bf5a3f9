// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/level/active_speech_level.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "support/realtime_guard.h"
#include "syrinx/stages/measure/level/test_signals.h"

namespace syrinx::measure {
namespace {

TEST(ActiveSpeechLevel, OfASteadyToneIsItsPowerAndAlwaysActive) {
  for (const int rate_hz : {8'000, 16'000, 48'000}) {
    const auto level = measure_active_speech_level(sine(10, -23, 1'000, rate_hz)).value();
    EXPECT_NEAR(level.long_term_dbfs, -26.01, 0.01) << rate_hz;
    EXPECT_NEAR(level.active_dbfs, -26.01, 0.05) << rate_hz;
    EXPECT_NEAR(level.activity, 1.0, 0.01) << rate_hz;
  }
}

// Tone and silence in turn: by the Recommendation's definition, active is the tone with 200 ms of
// hangover, and a little for the two 30 ms smoothings: they delay the start by less than the end,
// where a double exponential takes up to 0.2 s to fall by the 15.9 dB margin.
TEST(ActiveSpeechLevel, CountsTheToneAndItsHangover) {
  for (const double pause_s : {0.5, 1.0, 2.0, 4.0}) {
    AudioBuffer audio;
    for (int i = 0; i < 10; ++i) {
      audio.append(sine(1, -20, 1'000, 16'000));
      audio.append(AudioBuffer(1, static_cast<std::size_t>(pause_s * 16'000), 16'000));
    }
    const auto level = measure_active_speech_level(audio).value();
    const double active_s = level.activity * (1 + pause_s);
    EXPECT_GT(active_s, 1.2) << pause_s;
    EXPECT_LT(active_s, 1.35) << pause_s;
    EXPECT_NEAR(level.active_dbfs, -23.01 - 10 * std::log10(active_s), 0.01) << pause_s;
  }
}

// The envelope after a tone that ends is e^(-t/T) (1 + t/T) of the tone's mean magnitude, 2/pi of
// the peak: from that and the margin, the exact time at which P.56 calls a pause.
TEST(ActiveSpeechLevel, AgreesWithTheEnvelopesFormula) {
  AudioBuffer audio;
  for (int i = 0; i < 20; ++i) {
    audio.append(sine(2, -20, 1'000, 16'000));
    audio.append(AudioBuffer(1, 2 * 16'000, 16'000));
  }
  const auto level = measure_active_speech_level(audio).value();
  const double threshold = std::pow(10.0, (level.active_dbfs - 15.9) / 20);
  const double envelope = 2 / std::numbers::pi * 0.1;
  double fall_s = 0;
  while (envelope * std::exp(-fall_s / 0.03) * (1 + fall_s / 0.03) > threshold) fall_s += 1e-5;
  double rise_s = 0;
  while (envelope * (1 - std::exp(-rise_s / 0.03) * (1 + rise_s / 0.03)) < threshold) {
    rise_s += 1e-5;
  }
  // The thresholds are 6 dB apart and the crossing lies on the line between two: within 1 %.
  EXPECT_NEAR(level.activity * 4, 2 + 0.2 + fall_s - rise_s, 0.025);
}

TEST(ActiveSpeechLevel, FollowsAGainExactly) {
  AudioBuffer loud;
  for (int i = 0; i < 5; ++i) {
    loud.append(sine(1, -12, 300, 16'000));
    loud.append(AudioBuffer(1, 16'000, 16'000));
  }
  AudioBuffer soft = loud;
  for (float& v : soft.channel(0)) v *= 0.5f;  // One threshold down.
  const auto a = measure_active_speech_level(loud).value();
  const auto b = measure_active_speech_level(soft).value();
  EXPECT_NEAR(a.active_dbfs - b.active_dbfs, 6.0206, 1e-3);
  EXPECT_NEAR(a.activity, b.activity, 1e-6);
}

TEST(ActiveSpeechLevel, OfSilenceDoesNotExist) {
  const auto level = measure_active_speech_level(AudioBuffer(64, 1'000, 8'000)).value();
  EXPECT_EQ(level.active_dbfs, -std::numeric_limits<double>::infinity());
  EXPECT_EQ(level.activity, 0);
  EXPECT_FALSE(measure_active_speech_level(AudioView()));
  EXPECT_FALSE(ActiveSpeechMeter::create(0));
  const float one = 1.0f;
  EXPECT_TRUE(measure_active_speech_level(AudioView(std::span(&one, 1), 8'000)));
}

TEST(ActiveSpeechMeter, AnyBlockSizeMeasuresTheSameInRealTime) {
  auto audio = sine(1, -20, 200, 8'000);
  audio.append(AudioBuffer(1, 8'000, 8'000));
  audio.channel(0)[100] = std::numeric_limits<float>::quiet_NaN();
  auto whole = ActiveSpeechMeter::create(8'000).value();
  EXPECT_REALTIME_SAFE(whole.process(audio));
  for (const std::size_t block : {1u, 7u, 64u}) {
    auto meter = ActiveSpeechMeter::create(8'000).value();
    for (std::size_t i = 0; i < audio.frames(); i += block) {
      meter.process(audio.view().slice(i, std::min(block, audio.frames() - i)));
    }
    EXPECT_EQ(meter.level().active_dbfs, whole.level().active_dbfs);
  }
  whole.reset();
  EXPECT_EQ(whole.level().activity, 0);
}

}  // namespace
}  // namespace syrinx::measure
