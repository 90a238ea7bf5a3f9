// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/conversion/style/prosody.h"

#include <gtest/gtest.h>

#include "support/test_data.h"
#include "syrinx/core/io/audio_file.h"
#include "syrinx/engines/conversion/style/style_test_support.h"

namespace syrinx::conversion {
namespace {

std::vector<ProsodyFrame> frames_of(AudioBuffer audio, std::size_t block = 1'000) {
  BufferSource source(std::move(audio), block);
  return hear_prosody(source).value();
}

TEST(Prosody, MeasuresPitchMelodyPaceAndDynamics) {
  Manner manner;
  const Prosody prosody = summarise(frames_of(chant(manner, 6.0)));
  EXPECT_NEAR(prosody.seconds, 6.0, 0.02);
  EXPECT_NEAR(prosody.f0_median_hz, 120.0, 4.0);
  // A sine spends four fifths of its time within 0.95 of its height.
  EXPECT_NEAR(prosody.f0_range_semitones, 2.0 * 0.951 * 3.0, 0.6);
  EXPECT_NEAR(prosody.syllables_per_s, 4.0, 0.4);
  EXPECT_GT(prosody.dynamics_db, 7.0);
  EXPECT_LT(prosody.dynamics_db, 12.5);
}

TEST(Prosody, HearsAllOfItInBlocksOfAnySize) {
  const AudioBuffer sound = chant({}, 1.0);
  const auto whole = frames_of(sound, sound.frames());
  for (const std::size_t block : {std::size_t{1}, std::size_t{7}, std::size_t{64}}) {
    const auto parts = frames_of(sound, block);
    ASSERT_EQ(parts.size(), whole.size());
    for (std::size_t i = 0; i < whole.size(); ++i) {
      EXPECT_EQ(parts[i].f0_hz, whole[i].f0_hz);
      EXPECT_EQ(parts[i].level_db, whole[i].level_db);
    }
  }
}

TEST(Prosody, CountsSyllablesOfRealSpeechRoughly) {
  SYRINX_NEED_DATA("speech/kathleen/arctic_a0001.flac");
  // "Author of the danger trail, Philip Steels, etc.": 14 syllables.
  auto speech = io::read_audio(support::data_path("speech/kathleen/arctic_a0001.flac")).value();
  const Prosody prosody = summarise(frames_of(std::move(speech)));
  const double syllables = prosody.syllables_per_s * prosody.seconds;
  EXPECT_GT(syllables, 8.0);
  EXPECT_LT(syllables, 17.0);
}

TEST(Prosody, SaysNothingOfSilence) {
  const Prosody prosody = summarise(frames_of(AudioBuffer(2, 16'000, 16'000)));
  EXPECT_EQ(prosody.voiced_s, 0.0);
  EXPECT_EQ(prosody.f0_median_hz, 0.0);
  EXPECT_EQ(summarise({}).seconds, 0.0);
}

TEST(StyleConsistency, FindsTheStretchThatIsUnlikeTheRest) {
  Manner usual;
  AudioBuffer sound = chant(usual, 40.0);
  Manner other = usual;
  other.f0_hz = 170.0;
  sound.append(chant(other, 15.0));
  sound.append(chant(usual, 40.0));
  const auto consistency = style_consistency(frames_of(std::move(sound)));
  EXPECT_GT(consistency.stretches, 15u);
  ASSERT_FALSE(consistency.deviations.empty());
  const auto& found = consistency.deviations.front();
  EXPECT_EQ(found.what, "f0_median");
  EXPECT_GE(found.begin_s, 30.0);
  EXPECT_LE(found.end_s, 65.0);
  EXPECT_NEAR(found.value - found.usual, 6.0, 1.0) << "semitones";
}

TEST(StyleConsistency, FindsNothingInAnEvenVoiceAndInAShortOne) {
  EXPECT_TRUE(style_consistency(frames_of(chant({}, 60.0))).deviations.empty());
  const auto brief = style_consistency(frames_of(chant({}, 12.0)));
  EXPECT_LT(brief.stretches, 5u);
  EXPECT_TRUE(brief.deviations.empty());
}

}  // namespace
}  // namespace syrinx::conversion
