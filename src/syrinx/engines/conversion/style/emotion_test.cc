// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "syrinx/engines/conversion/style/emotion_guess.h"
#include "syrinx/engines/conversion/style/emotion_timeline.h"
#include "syrinx/engines/conversion/style/style_test_support.h"

namespace syrinx::conversion {
namespace {

Prosody prosody_of(AudioBuffer audio) {
  BufferSource source(std::move(audio));
  return summarise(hear_prosody(source).value());
}

AudioBuffer felt(const AudioBuffer& sound, const EmotionTimeline& timeline,
                 std::size_t block = 1'000) {
  return all_of(
      *with_emotions(std::make_unique<BufferSource>(sound, block), {}, timeline, sound.duration_s())
           .value());
}

TEST(EmotionTimeline, GoesAlongStraightLines) {
  const auto timeline = parse_transition("neutral:0..happy:0.8..sad").value();
  ASSERT_EQ(timeline.points.size(), 3u);
  EXPECT_TRUE(timeline.is_share);
  EXPECT_EQ(timeline.at(0.0).arousal, 0.0);
  EXPECT_NEAR(timeline.at(0.25).arousal, 0.4 * 0.51, 1e-9);
  EXPECT_NEAR(timeline.at(0.5).arousal, 0.8 * 0.51, 1e-9);
  EXPECT_NEAR(timeline.at(1.0).arousal, -0.27, 1e-9);
  EXPECT_NEAR(timeline.at(7.0).arousal, -0.27, 1e-9);
}

TEST(EmotionTimeline, ReadsLinesOfSecondsAndEmotions) {
  const auto timeline =
      parse_timeline("# a scene\n\n0 neutral\n 2.5\tangry:0.5 \r\n4 calm").value();
  ASSERT_EQ(timeline.points.size(), 3u);
  EXPECT_FALSE(timeline.is_share);
  EXPECT_NEAR(timeline.at(1.25).arousal, 0.5 * 0.5 * 0.59, 1e-9);
}

TEST(EmotionTimeline, RefusesWhatItCannotRead) {
  const std::pair<const char*, const char*> cases[] = {
      {"", "names no emotion"},
      {"soon happy", "line 1 of the timeline, 'soon happy', is not seconds"},
      {"1 happy\n1 sad", "line 2 of the timeline, '1 sad', is not later"},
      {"0 smug", "there is no emotion 'smug'"},
      {"nan happy", "is not seconds"},
      {"-1 happy", "is not seconds"},
      {"3", "is not seconds"},
      {"0 neutral:x", "the strength of an emotion"}};
  for (const auto& [text, says] : cases) {
    const auto refused = parse_timeline(text);
    ASSERT_FALSE(refused) << text;
    EXPECT_NE(refused.error().message.find(says), std::string::npos) << refused.error().message;
  }
  EXPECT_FALSE(parse_transition("happy"));
  EXPECT_FALSE(parse_transition("happy.."));
  EXPECT_EQ(parse_timeline(std::string(kMostTimelineBytes + 1, 'x')).error().code,
            ErrorCode::kLimitExceeded);
}

TEST(EmotionTimeline, StandsAnyBytes) {
  std::mt19937 engine(7);
  std::string text = "0 neutral\n1.5 happy:0.8\n3 sad:0.2\n";
  for (int i = 0; i < 2'000; ++i) {
    std::string broken = text;
    for (int k = 0; k < 3; ++k)
      broken[engine() % broken.size()] = static_cast<char>(engine() % 256);
    const auto read = parse_timeline(broken);
    EXPECT_TRUE(read ? std::isfinite(read->at(1.0).arousal) : !read.error().message.empty());
  }
}

TEST(EmotionTimeline, RaisesTheVoiceGradually) {
  Manner even;
  even.swing_semitones = 0.5;
  const AudioBuffer sound = chant(even, 6.0);
  const AudioBuffer made = felt(sound, parse_transition("neutral..angry").value());
  ASSERT_EQ(made.frames(), sound.frames());
  // Over F0 of the source in the same second.
  const auto ratio = [&](double from_s) {
    const auto from = static_cast<std::size_t>(from_s * kTestRateHz);
    const auto f0_of = [&](const AudioBuffer& audio) {
      return prosody_of(AudioBuffer(audio.view().slice(from, kTestRateHz))).f0_median_hz;
    };
    return f0_of(made) / f0_of(sound);
  };
  // The rules ask for 1.10 at the end, and half of it in the middle.
  EXPECT_NEAR(ratio(0.0), 1.0, 0.025);
  EXPECT_NEAR(ratio(2.5), 1.05, 0.025);
  EXPECT_NEAR(ratio(5.0), 1.093, 0.025);
}

TEST(EmotionTimeline, GivesTheSameSoundInBlocksOfAnySize) {
  const AudioBuffer sound = chant({}, 0.4);
  const auto timeline = parse_transition("sad..happy").value();
  const AudioBuffer whole = felt(sound, timeline, sound.frames());
  for (const std::size_t block : {std::size_t{1}, std::size_t{7}, std::size_t{64}}) {
    const AudioBuffer parts = felt(sound, timeline, block);
    ASSERT_EQ(parts.frames(), whole.frames());
    for (std::size_t i = 0; i < whole.frames(); ++i)
      ASSERT_EQ(parts.channel(0)[i], whole.channel(0)[i]) << block << " at " << i;
  }
}

TEST(EmotionGuess, HearsExcitementInEveryCue) {
  const Prosody neutral = prosody_of(chant({}, 5.0));
  Manner excited;
  excited.f0_hz = 120.0 * 1.2;
  excited.swing_semitones = 3.0 * 1.6;
  excited.syllables_per_s = 4.0 * 1.15;
  const EmotionGuess up = guess_emotion(prosody_of(chant(excited, 5.0)), neutral).value();
  EXPECT_GT(up.arousal, 0.25);
  const EmotionGuess same = guess_emotion(neutral, neutral).value();
  EXPECT_EQ(same.arousal, 0.0);
  EXPECT_EQ(same.confidence, 1.0);
  Manner dull;
  dull.f0_hz = 120.0 * 0.85;
  dull.swing_semitones = 1.5;
  dull.syllables_per_s = 3.4;
  EXPECT_LT(guess_emotion(prosody_of(chant(dull, 5.0)), neutral)->arousal, -0.25);
}

TEST(EmotionGuess, IsLessSureWhereCuesDisagreeOrLittleWasHeard) {
  const Prosody neutral = prosody_of(chant({}, 5.0));
  Prosody mixed = neutral;
  mixed.f0_median_hz *= 1.3;
  mixed.f0_range_semitones *= 0.3;
  EXPECT_LT(guess_emotion(mixed, neutral)->confidence, 0.7);
  Prosody brief = neutral;
  brief.voiced_s = 1.0;
  EXPECT_NEAR(guess_emotion(brief, neutral)->confidence, 1.0 / 3.0, 1e-9);
  EXPECT_FALSE(guess_emotion(Prosody{}, neutral));
}

}  // namespace
}  // namespace syrinx::conversion
