// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/conversion/improve/loudness_match.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <random>

namespace syrinx::conversion {
namespace {

// Noise that falls by 6 dB an octave, at about 60 dB SPL.
AudioBuffer murmur(int rate_hz = 22'050) {
  std::mt19937 random(3);
  std::normal_distribution<float> normal(0.0f, 1e-3f);
  AudioBuffer audio(2, static_cast<std::size_t>(rate_hz), rate_hz);
  for (std::size_t c = 0; c < 2; ++c) {
    float slope = 0.0f;
    for (float& x : audio.channel(c)) x = slope = 0.95f * slope + normal(random);
  }
  return audio;
}

TEST(LoudnessMatch, FindsTheLevelAndTiltThatWereTakenAway) {
  const AudioBuffer source = murmur();
  AudioBuffer changed(source.view());
  apply_loudness_match(changed.view(), {-3.0, -1.5});
  const auto match = find_loudness_match(source, changed);
  ASSERT_TRUE(match) << match.error().message;
  EXPECT_NEAR(match->level_db, 3.0, 0.3);
  EXPECT_NEAR(match->tilt_db_per_octave, 1.5, 0.15);
  EXPECT_GT(match->distance_before, 0.15);
  EXPECT_LT(match->distance_after, 0.02);
  apply_loudness_match(changed.view(), *match);
  const auto again = find_loudness_match(source, changed);
  ASSERT_TRUE(again);
  EXPECT_LT(again->distance_before, 0.03) << "what was found, put on the sound, does not help";
}

TEST(LoudnessMatch, LeavesASoundAloneThatSoundsAsItShould) {
  const AudioBuffer source = murmur();
  const auto match = find_loudness_match(source, source);
  ASSERT_TRUE(match);
  EXPECT_EQ(match->level_db, 0.0);
  EXPECT_EQ(match->tilt_db_per_octave, 0.0);
  EXPECT_EQ(match->distance_after, 0.0);
}

TEST(LoudnessMatch, DoesNotTakeBackATiltThatWasAskedFor) {
  const AudioBuffer source = murmur();
  AudioBuffer darker(source.view());
  apply_loudness_match(darker.view(), {0.0, -2.0});
  const auto match = find_loudness_match(source, darker, {1.0, -2.0});
  ASSERT_TRUE(match);
  EXPECT_NEAR(match->tilt_db_per_octave, 0.0, 0.25);  // The shelves end at 8 kHz.
  EXPECT_LT(match->distance_before, 0.05);
}

TEST(LoudnessMatch, KeepsWithinItsBounds) {
  const AudioBuffer source = murmur();
  AudioBuffer faint(source.view());
  apply_loudness_match(faint.view(), {-20.0, 0.0});
  const auto match = find_loudness_match(source, faint);
  ASSERT_TRUE(match);
  EXPECT_LE(match->level_db, kMostMatchLevelDb);
  EXPECT_GT(match->level_db, kMostMatchLevelDb - 0.1);
  EXPECT_LT(match->distance_after, match->distance_before);
  EXPECT_LT(match->steps, 400u);
}

TEST(LoudnessMatch, RaisesNoPeakBeyondFullScale) {
  const AudioBuffer source = murmur();
  AudioBuffer quiet(source.view());
  apply_loudness_match(quiet.view(), {-3.0, 0.0});
  quiet.channel(1)[100] = 0.9f;
  const auto match = find_loudness_match(source, quiet);
  ASSERT_TRUE(match);
  EXPECT_GT(match->level_db, 0.7);
  EXPECT_LE(match->level_db, 0.916);
}

TEST(LoudnessMatch, RefusesWhatIsEmptyOrNotFinite) {
  const AudioBuffer source = murmur();
  EXPECT_FALSE(find_loudness_match(AudioView(), source));
  EXPECT_FALSE(find_loudness_match(source, source, {0.0, 0.0}));
  EXPECT_FALSE(find_loudness_match(source, source, {1.0, std::nan("")}));
}

}  // namespace
}  // namespace syrinx::conversion
