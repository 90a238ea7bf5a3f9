// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/voice/voice_targets.h"

#include <gtest/gtest.h>

namespace syrinx::voice {
namespace {

TEST(VoiceTargets, StandAtThePublishedPoints) {
  EXPECT_DOUBLE_EQ(norm_at_age(25.0, Sex::kMale)->f0_hz, 120.0);
  EXPECT_DOUBLE_EQ(norm_at_age(45.0, Sex::kMale)->f0_hz, 107.0);
  EXPECT_DOUBLE_EQ(norm_at_age(85.0, Sex::kMale)->f0_hz, 146.0);
  EXPECT_DOUBLE_EQ(norm_at_age(25.0, Sex::kFemale)->f0_hz, 210.0);
  EXPECT_NEAR(norm_at_age(8.0, Sex::kMale)->f0_hz, 259.5, 0.1);
  EXPECT_DOUBLE_EQ(norm_at_age(30.0, Sex::kFemale)->formant_scale, 1.17);
}

TEST(VoiceTargets, NeverJumpFromYearToYear) {
  for (const Sex sex : {Sex::kMale, Sex::kFemale}) {
    for (double years = kLeastAge; years < kMostAge - 0.1; years += 0.1) {
      const double here = norm_at_age(years, sex)->f0_hz;
      EXPECT_NEAR(norm_at_age(years + 0.1, sex)->f0_hz / here, 1.0, 0.03) << years;
    }
  }
}

TEST(VoiceTargets, TakeAManToAWomanAndBack) {
  const auto up = settings_to("female", 110.0).value();
  EXPECT_NEAR(up.pitch_ratio, 210.0 / 110.0, 1e-9);
  EXPECT_NEAR(up.formant_ratio, 1.17, 1e-9);
  const auto down = settings_to("male", 210.0).value();
  EXPECT_NEAR(down.pitch_ratio, 120.0 / 210.0, 1e-9);
  EXPECT_NEAR(down.formant_ratio, 1.0 / 1.17, 1e-9);
  EXPECT_NEAR(settings_to("female", 210.0)->formant_ratio, 1.0, 1e-9);
}

TEST(VoiceTargets, MakeTheOldTrembleAndTheYoungNot) {
  EXPECT_GT(settings_to("senior", 110.0)->tremor_semitones, 0.1);
  EXPECT_EQ(settings_to_age(30.0, 110.0)->tremor_semitones, 0.0);
}

TEST(VoiceTargets, AreRefusedWithAReason) {
  EXPECT_NE(settings_to("robot", 110.0).error().message.find("female, male, child and senior"),
            std::string::npos);
  EXPECT_NE(settings_to("male", 0.0).error().message.find("no pitch was found"), std::string::npos);
  EXPECT_FALSE(norm_at_age(3.0, Sex::kMale));
  EXPECT_FALSE(norm_at_age(96.0, Sex::kMale));
}

}  // namespace
}  // namespace syrinx::voice
