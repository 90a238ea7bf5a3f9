// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/tts/voice_pace.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "support/test_data.h"

namespace syrinx::tts {
namespace {

SpeechStream voice_named(const char* name, text::InputKind kind = text::InputKind::kPlain) {
  SpeakOptions options;
  options.voice = name;
  return SpeechStream::for_sentences(options, kind).value();
}

double pace_s_of(SpeechStream& voice) { return measure_pace_s(voice, {}).value().value(); }

TEST(VoicePace, IsTheSameEachTimeAndWhateverTheBookIsWrittenIn) {
  auto voice = voice_named("slt");
  const double pace_s = pace_s_of(voice);
  EXPECT_GT(pace_s, 4);
  EXPECT_LT(pace_s, 20);
  EXPECT_EQ(pace_s_of(voice), pace_s);
  auto of_markup = voice_named("slt", text::InputKind::kSsml);
  EXPECT_EQ(pace_s_of(of_markup), pace_s);
}

TEST(VoicePace, FollowsTheRate) {
  auto voice = voice_named("slt");
  const double usual_s = pace_s_of(voice);
  ASSERT_TRUE(voice.set_rate(1.5));
  EXPECT_NEAR(usual_s / pace_s_of(voice), 1.5, 0.05);
  EXPECT_FALSE(voice.set_rate(9));
  EXPECT_NEAR(usual_s / pace_s_of(voice), 1.5, 0.05) << "what is refused changes nothing";
}

TEST(VoicePace, AFactorBringsOneVoiceToThePaceOfAnother) {
  auto narrator = voice_named("slt");
  auto other = voice_named("rms");
  const double narrator_s = pace_s_of(narrator);
  const double other_s = pace_s_of(other);
  ASSERT_GT(other_s / narrator_s, 1.08) << "two voices of one pace test nothing";
  ASSERT_TRUE(other.set_rate(pace_factor(other_s, narrator_s)));
  EXPECT_NEAR(pace_s_of(other) / narrator_s, 1, 0.03);
}

TEST(VoicePace, LeavesTheUsersOwnSettingsOut) {
  const auto names = support::scratch_dir() / "voices.json";
  std::ofstream(names) << R"({"voices": {"slow": {"voice": "rms", "rate": 0.8}}})";
  setenv("SYRINX_VOICES", names.c_str(), 1);
  auto plain = voice_named("rms");
  auto slow = voice_named("slow");
  unsetenv("SYRINX_VOICES");
  EXPECT_NEAR(pace_s_of(slow) / pace_s_of(plain), 1, 0.03);
}

TEST(VoicePace, WhoTalksMuchSlowerStaysSlower) {
  EXPECT_EQ(pace_factor(10, 10), 1);
  EXPECT_EQ(pace_factor(11.04, 10), 1.1);
  EXPECT_EQ(pace_factor(20, 10), kMaxPaceFactor);
  EXPECT_EQ(pace_factor(5, 10), kMinPaceFactor);
}

}  // namespace
}  // namespace syrinx::tts
