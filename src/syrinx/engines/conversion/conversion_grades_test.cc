// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/conversion/conversion_grades.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace syrinx::conversion {
namespace {

constexpr int kRateHz = 16'000;

// Noise whose two halves of the band come and go at different times, moved by `ratio`.
AudioBuffer babble(double seconds, unsigned seed) {
  AudioBuffer audio(1, static_cast<std::size_t>(seconds * kRateHz), kRateHz);
  std::mt19937 engine(seed);
  std::normal_distribution<float> noise(0.0f, 0.1f);
  float slow = 0.0f;
  for (std::size_t i = 0; i < audio.frames(); ++i) {
    const double t = static_cast<double>(i) / kRateHz;
    const float white = noise(engine);
    slow += 0.1f * (white - slow);
    const auto low = static_cast<float>(1.0 + std::sin(2.0 * 3.14159 * 3.0 * t + seed));
    const auto high = static_cast<float>(1.0 + std::sin(2.0 * 3.14159 * 4.1 * t + 2.0 * seed));
    audio.channel(0)[i] = 3.0f * low * slow + 0.3f * high * (white - slow);
  }
  return audio;
}

TEST(ConversionGrades, KnowWhetherTargetsAreMet) {
  ConversionGrades grades;
  EXPECT_FALSE(grades.similarity.met().has_value()) << "nothing was measured";
  EXPECT_EQ(shortfall(grades), 0.0);
  grades.similarity.value = 0.85;
  grades.preservation.value = 0.8;
  grades.predicted_mos.value = 3.7;
  grades.artifact_share.value = 0.05;
  EXPECT_TRUE(*grades.similarity.met());
  EXPECT_FALSE(*grades.preservation.met());
  EXPECT_FALSE(*grades.predicted_mos.met());
  EXPECT_FALSE(*grades.artifact_share.met()) << "less than 5 %";
  EXPECT_NEAR(shortfall(grades), 0.1 + 0.1, 1e-12);
  grades.artifact_share.value = 0.04;
  EXPECT_TRUE(*grades.artifact_share.met());
}

TEST(ConversionGrades, TellHowFarAChangeWent) {
  EXPECT_EQ(way_gone(1.5, 1.5, 1.0), 1.0);
  EXPECT_NEAR(way_gone(1.0, std::exp2(4.0 / 12.0), 1.0), 0.0, 1e-12) << "not at all";
  EXPECT_NEAR(way_gone(std::exp2(3.0 / 12.0), std::exp2(4.0 / 12.0), 1.0), 0.75, 1e-12);
  EXPECT_NEAR(way_gone(std::exp2(5.0 / 12.0), std::exp2(4.0 / 12.0), 1.0), 0.75, 1e-12);
  EXPECT_NEAR(way_gone(std::exp2(0.25 / 12.0), 1.0, 1.0), 0.75, 1e-12) << "nothing was asked";
}

TEST(ConversionGrades, FindTheSameEnvelopesInTheSameSoundAndNoneInAnother) {
  const AudioBuffer one = babble(3.0, 1);
  const AudioBuffer other = babble(3.0, 2);
  EXPECT_NEAR(envelope_agreement(one, one, 1.0, 1.0)->value(), 1.0, 1e-9);
  EXPECT_LT(envelope_agreement(one, other, 1.0, 1.0)->value(), 0.4);
  AudioBuffer softer(one.view());
  for (float& x : softer.channel(0)) x *= 0.25f;
  EXPECT_NEAR(envelope_agreement(one, softer, 1.0, 1.0)->value(), 1.0, 1e-4);
}

TEST(ConversionGrades, FollowASoundThatRunsFasterAndHigher) {
  const AudioBuffer one = babble(4.0, 1);
  // The same samples at one and a half times the rate: speed and formants go up together.
  AudioBuffer fast(AudioView(one.channel(0), 24'000));
  EXPECT_GT(envelope_agreement(one, fast, 1.5, 1.5)->value(), 0.9);
  EXPECT_LT(envelope_agreement(one, fast, 1.0, 1.0)->value(), 0.5);
}

TEST(ConversionGrades, AreAbsentForSilenceAndRefuseWhatIsNoSound) {
  AudioBuffer silence(1, kRateHz, kRateHz);
  const auto still = envelope_agreement(silence, silence, 1.0, 1.0);
  ASSERT_TRUE(still);
  EXPECT_FALSE(still->has_value());
  EXPECT_FALSE(envelope_agreement(AudioView(), silence, 1.0, 1.0));
  EXPECT_FALSE(envelope_agreement(silence, silence, 0.0, 1.0));
}

}  // namespace
}  // namespace syrinx::conversion
