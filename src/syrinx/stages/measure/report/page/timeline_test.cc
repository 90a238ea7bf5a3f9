// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/report/page/timeline.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "syrinx/stages/measure/loudness.h"
#include "syrinx/stages/measure/report/page/curves.h"
#include "syrinx/stages/measure/report/page/difference.h"

namespace syrinx::measure::html {
namespace {

AudioBuffer noise(std::size_t frames, unsigned seed, int rate_hz = 16'000, float gain = 0.1f) {
  AudioBuffer audio(1, frames, rate_hz);
  std::mt19937 dice(seed);
  std::normal_distribution<float> normal(0.0f, gain);
  for (float& sample : audio.channel(0)) sample = normal(dice);
  return audio;
}

AudioBuffer delayed(const AudioBuffer& audio, std::size_t by, float gain) {
  AudioBuffer late(1, audio.frames() + by, audio.sample_rate_hz());
  for (std::size_t i = 0; i < audio.frames(); ++i)
    late.channel(0)[i + by] = gain * audio.channel(0)[i];
  return late;
}

TEST(Timeline, ALateSoundIsMovedToMatch) {
  const AudioBuffer first = noise(16'000, 1);
  const AudioBuffer late = delayed(first, 400, 1.0f);
  const AudioView both[] = {first, late};
  const auto placed = place_on_timeline(both).value();
  EXPECT_NEAR(placed[1].delay_s, 0.025, 1e-9);
  EXPECT_TRUE(placed[1].aligned);
  // The late one begins 400 frames before the first one does, and nothing is lost.
  ASSERT_EQ(placed[0].audio.frames(), 16'400u);
  ASSERT_EQ(placed[1].audio.frames(), 16'400u);
  for (std::size_t i = 0; i < 16'000; i += 97)
    EXPECT_EQ(placed[0].audio.channel(0)[400 + i], placed[1].audio.channel(0)[400 + i]);
}

TEST(Timeline, SoundsWithNothingInCommonBothBeginAtZero) {
  const AudioBuffer first = noise(16'000, 1), other = noise(12'000, 2);
  const AudioView both[] = {first, other};
  const auto placed = place_on_timeline(both).value();
  EXPECT_FALSE(placed[1].aligned);
  EXPECT_EQ(placed[1].delay_s, 0.0);
  EXPECT_EQ(placed[1].audio.frames(), 16'000u);
  EXPECT_EQ(placed[1].audio.channel(0)[0], other.channel(0)[0]);
}

TEST(Timeline, GainsMakeAllAsLoudAsTheQuietest) {
  const AudioBuffer first = noise(32'000, 1), quiet = delayed(first, 0, 0.25f);
  const AudioView both[] = {first, quiet};
  const auto placed = place_on_timeline(both).value();
  EXPECT_NEAR(placed[0].gain_db, 20.0 * std::log10(0.25), 0.05);  // Classes of 0.01 LU.
  EXPECT_NEAR(placed[1].gain_db, 0.0, 1e-9);
}

TEST(Timeline, RatesChannelsSilenceAndNaNAreTakenAsTheyCome) {
  AudioBuffer many(5, 8'000, 8'000);
  many.channel(3)[100] = std::nanf("");
  const AudioBuffer fine = noise(48'000, 3, 48'000);
  const AudioView both[] = {many, fine};
  const auto placed = place_on_timeline(both).value();
  EXPECT_EQ(placed[0].audio.sample_rate_hz(), 48'000);
  EXPECT_EQ(placed[0].audio.channels(), 1u);
  EXPECT_EQ(placed[0].gain_db, 0.0) << "silence has no loudness to match";
  for (const float sample : placed[0].audio.channel(0)) ASSERT_TRUE(std::isfinite(sample));
}

TEST(Timeline, RefusesSoundsWithoutFrames) {
  const AudioBuffer first = noise(100, 1), none(1, 0, 16'000);
  const AudioView both[] = {first, none};
  EXPECT_EQ(place_on_timeline(both).error().code, ErrorCode::kInvalidArgument);
}

// Differences of equal pictures, and of one 12 dB above the other.
TEST(Difference, IsNothingBetweenEqualsAndTheGainBetweenLouderAndSofter) {
  const AudioBuffer first = noise(16'000, 1);
  const auto powers = spectrogram_powers(first, 40, 30).value();
  auto louder = powers;
  for (float& power : louder) power *= 16.0f;
  EXPECT_EQ(rms_difference_db(powers, powers, 0.0, 80.0), 0.0);
  EXPECT_NEAR(rms_difference_db(powers, louder, 0.0, 80.0), 20.0 * std::log10(4.0), 0.2);
  EXPECT_NEAR(rms_difference_db(powers, louder, -20.0 * std::log10(4.0), 80.0), 0.0, 1e-4);
  const Image equal = difference_image(powers, powers, 40, 30, 0.0, 80.0);
  const Image other = difference_image(powers, louder, 40, 30, 0.0, 80.0);
  const Image base = difference_image(louder, powers, 40, 30, 0.0, 80.0);
  EXPECT_LT(equal.pixel(20, 15)[0], 30);
  EXPECT_GT(other.pixel(20, 15)[0], other.pixel(20, 15)[2]) << "orange: the other is stronger";
  EXPECT_GT(base.pixel(20, 15)[2], base.pixel(20, 15)[0]) << "blue: the base is stronger";
}

TEST(Difference, SilenceDiffersFromSilenceByNothing) {
  const std::vector<float> silence(100, 0.0f);
  EXPECT_EQ(rms_difference_db(silence, silence, 0.0, 80.0), 0.0);
}

}  // namespace
}  // namespace syrinx::measure::html
