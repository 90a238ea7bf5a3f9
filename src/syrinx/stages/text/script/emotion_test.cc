// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/script/emotion.h"

#include <gtest/gtest.h>

namespace syrinx::text {
namespace {

TEST(Emotion, GoesTheWaysThatListenersHear) {
  const auto happy = emotion_prosody("happy", 1).value();
  const auto sad = emotion_prosody("sad", 1).value();
  EXPECT_GT(happy.rate, 1);
  EXPECT_GT(happy.pitch_semitones, 1);
  EXPECT_LT(sad.rate, 1);
  EXPECT_LT(sad.volume_db, 0);
  EXPECT_GT(emotion_prosody("angry", 1)->volume_db, happy.volume_db);
}

TEST(Emotion, GrowsWithItsIntensityFromNothing) {
  const auto none = emotion_prosody("excited", 0).value();
  EXPECT_EQ(none.rate, 1);
  EXPECT_EQ(none.pitch_semitones, 0);
  const auto half = emotion_prosody("excited", 0.5).value();
  const auto full = emotion_prosody("excited", 1).value();
  EXPECT_DOUBLE_EQ(half.rate * half.rate, full.rate);
  EXPECT_DOUBLE_EQ(2 * half.pitch_semitones, full.pitch_semitones);
  EXPECT_EQ(emotion_prosody("excited", 7)->rate, full.rate);
}

TEST(Emotion, IsKnownByItsNameOrNotAtAll) {
  EXPECT_FALSE(emotion_prosody("hungry", 1));
  EXPECT_FALSE(emotion_prosody("", 1));
  EXPECT_EQ(emotion_list().substr(0, 14), "afraid, angry,");
}

TEST(Emotion, IsReadAsAUserWritesIt) {
  EXPECT_EQ(read_emotion("sad")->rate, emotion_prosody("sad", 1)->rate);
  EXPECT_EQ(read_emotion("sad:0.4")->rate, emotion_prosody("sad", 0.4)->rate);
  for (const char* wrong : {"", ":", "hungry", "sad:", "sad:2", "sad:-1", "sad:nan", "sad:0.5x"})
    EXPECT_EQ(read_emotion(wrong).error().code, ErrorCode::kInvalidArgument) << wrong;
  EXPECT_EQ(read_emotion("hungry").error().message.substr(0, 56),
            "no emotion is called 'hungry'; there are afraid, angry, ");
}

}  // namespace
}  // namespace syrinx::text
