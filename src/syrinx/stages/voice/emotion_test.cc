// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/voice/emotion.h"

#include <gtest/gtest.h>

namespace syrinx::voice {
namespace {

TEST(Emotion, IsReadWithItsStrength) {
  EXPECT_DOUBLE_EQ(parse_emotion("happy")->valence, 0.81);
  EXPECT_DOUBLE_EQ(parse_emotion("happy:0.5")->arousal, 0.255);
  EXPECT_EQ(parse_emotion("sad:0")->dominance, 0.0);
}

TEST(Emotion, IsRefusedWithAReason) {
  EXPECT_NE(parse_emotion("smug").error().message.find("happy, angry, sad"), std::string::npos);
  for (const char* wrong : {"happy:", "happy:2", "happy:-1", "happy:x", "happy:0.5x", "happy:nan"})
    EXPECT_FALSE(parse_emotion(wrong)) << wrong;
}

TEST(Emotion, LiftsThePitchOfTheExcitedAndLowersThatOfTheBored) {
  const auto angry = change_towards(parse_emotion("angry").value());
  const auto bored = change_towards(parse_emotion("bored").value());
  EXPECT_GT(angry.settings.pitch_ratio, 1.05);
  EXPECT_LT(bored.settings.pitch_ratio, 0.9);
  EXPECT_GT(angry.settings.intonation, 1.3);
  EXPECT_LT(bored.settings.intonation, 0.7);
  EXPECT_GT(angry.speed, 1.05);
  EXPECT_LT(bored.speed, 0.9);
}

TEST(Emotion, ChangesNothingWithoutStrengthAndNothingOutOfRangeWithAll) {
  const auto none = change_towards(parse_emotion("fearful:0").value());
  EXPECT_EQ(none.settings, VoiceSettings{});
  EXPECT_EQ(none.speed, 1.0);
  for (const double v : {-1.0, 1.0})
    for (const double a : {-1.0, 1.0})
      for (const double d : {-1.0, 1.0}) {
        const auto all = change_towards({v, a, d});
        EXPECT_TRUE(validate(all.settings));
        EXPECT_GE(all.speed, 0.25);
      }
}

}  // namespace
}  // namespace syrinx::voice
