// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/level/levels.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "syrinx/stages/measure/level/test_signals.h"

namespace syrinx::measure {
namespace {

constexpr double kNone = -std::numeric_limits<double>::infinity();

TEST(Levels, OfASineAreThoseOfItsFormula) {
  for (const int rate_hz : {8'000, 44'100, 96'000}) {
    const auto levels = measure_levels(sine(1, -6, 100, rate_hz, 2)).value();
    EXPECT_NEAR(levels.peak_dbfs, -6, 0.01);
    EXPECT_NEAR(levels.rms_dbfs, -6 - 3.0103, 0.001);
    EXPECT_NEAR(levels.crest_db, 3.0103, 0.01);
    EXPECT_NEAR(levels.dc_offset, 0, 1e-6);
    EXPECT_NEAR(levels.noise_floor_dbfs, -9.01, 0.01);
    EXPECT_NEAR(levels.dynamic_range_db, 0, 0.01);
    EXPECT_EQ(levels.silence_share, 0);
  }
}

TEST(Levels, FindTheOffsetOfTheWorstChannel) {
  auto audio = sine(1, -20, 100, 48'000, 64);
  for (float& v : audio.channel(40)) v -= 0.25f;
  EXPECT_NEAR(measure_levels(audio).value().dc_offset, -0.25, 1e-6);
}

TEST(Levels, TellTheFloorTheRangeAndTheSilence) {
  auto audio = sine(1, -10);     // 25 %
  audio.append(sine(1.6, -50));  // 40 %
  audio.append(sine(1.4, -80));  // 35 %
  const auto levels = measure_levels(audio).value();
  EXPECT_NEAR(levels.noise_floor_dbfs, -83.01, 0.01);
  EXPECT_NEAR(levels.dynamic_range_db, 70, 0.01);
  EXPECT_NEAR(levels.silence_share, 0.35, 0.005);
}

TEST(Levels, OfSilenceDoNotExist) {
  const auto levels = measure_levels(AudioBuffer(2, 48'000, 48'000)).value();
  EXPECT_EQ(levels.peak_dbfs, kNone);
  EXPECT_EQ(levels.rms_dbfs, kNone);
  EXPECT_EQ(levels.noise_floor_dbfs, kNone);
  EXPECT_EQ(levels.crest_db, 0);
  EXPECT_EQ(levels.dynamic_range_db, 0);
  EXPECT_EQ(levels.silence_share, 1);
}

TEST(Levels, OfOneSampleAreItsOwn) {
  const float sample = 0.5f;
  const auto levels = measure_levels(AudioView(std::span(&sample, 1), 8'000)).value();
  EXPECT_NEAR(levels.peak_dbfs, -6.0206, 1e-3);
  EXPECT_NEAR(levels.noise_floor_dbfs, -6.0206, 1e-3);
  EXPECT_EQ(levels.dc_offset, 0.5);
}

TEST(Levels, CountBadSamplesAsSilence) {
  auto audio = sine(1, -6);
  audio.channel(0)[5] = std::numeric_limits<float>::quiet_NaN();
  audio.channel(0)[9] = std::numeric_limits<float>::infinity();
  const auto levels = measure_levels(audio).value();
  EXPECT_EQ(levels.bad_samples, 2u);
  EXPECT_NEAR(levels.rms_dbfs, -9.01, 0.01);
}

TEST(Levels, RefuseNothingAtAllAndUnknownRates) {
  EXPECT_EQ(measure_levels(AudioView()).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(measure_levels(AudioBuffer(1, 0, 48'000)).error().code, ErrorCode::kInvalidArgument);
  const float sample = 0;
  EXPECT_FALSE(measure_levels(AudioView(std::span(&sample, 1), 10)));
}

TEST(Clipping, FindsEachRunWhereItBegins) {
  auto audio = sine(1, -6, 100, 48'000, 2);
  const auto flat = [&](std::size_t channel, std::size_t from, std::size_t count, float value) {
    std::fill_n(audio.channel(channel).begin() + static_cast<std::ptrdiff_t>(from), count, value);
  };
  flat(0, 4'800, 5, 1.0f);
  flat(1, 9'600, 3, -1.0f);
  flat(1, 20'000, 2, 1.0f);   // Too short.
  flat(1, 47'996, 4, 1.25f);  // To the end.
  const auto found = find_clipping(audio).value();
  ASSERT_EQ(found.runs.size(), 3u);
  EXPECT_EQ(found.clipped_samples, 12u);
  EXPECT_EQ(found.runs[0].samples, 5u);
  EXPECT_DOUBLE_EQ(found.runs[0].time_s, 0.1);
  EXPECT_EQ(found.runs[1].channel, 1u);
  EXPECT_EQ(found.runs[1].frame, 9'600u);
  EXPECT_EQ(found.runs[2].samples, 4u);
}

TEST(Clipping, OfASineCutAtFullScaleIsItsKnownShare) {
  auto audio = sine(1, 6.0206, 100);  // Twice full scale: beyond it for 2/3 of the time.
  for (float& v : audio.channel(0)) v = std::clamp(v, -1.0f, 1.0f);
  const auto found = find_clipping(audio).value();
  EXPECT_EQ(found.clipped_runs, 200u);
  EXPECT_NEAR(found.clipped_share, 2.0 / 3.0, 0.005);
}

TEST(Clipping, IsNotSeenInASineThatOnlyTouchesFullScale) {
  EXPECT_EQ(find_clipping(sine(1, -0.1, 997)).value().clipped_runs, 0u);
}

TEST(Clipping, ReportsNoMoreRunsThanItPromisesButCountsThemAll) {
  AudioBuffer audio(1, 80'000, 48'000);
  for (std::size_t i = 0; i < audio.frames(); ++i) audio.channel(0)[i] = i % 4 == 3 ? 0.0f : 1.0f;
  const auto found = find_clipping(audio).value();
  EXPECT_EQ(found.clipped_runs, 20'000u);
  EXPECT_EQ(found.runs.size(), Clipping::kMostRuns);
}

TEST(Clipping, TakesInfiniteForClippedAndNanForSilence) {
  AudioBuffer audio(1, 100, 48'000);
  std::fill_n(audio.channel(0).begin(), 3, std::numeric_limits<float>::infinity());
  std::fill_n(audio.channel(0).begin() + 50, 5, std::numeric_limits<float>::quiet_NaN());
  EXPECT_EQ(find_clipping(audio).value().clipped_samples, 3u);
}

TEST(Clipping, RefusesOptionsThatMeanNothing) {
  EXPECT_FALSE(find_clipping(sine(0.1, 0), {.threshold = 0.0, .least_samples = 3}));
  EXPECT_FALSE(find_clipping(sine(0.1, 0), {.threshold = 1.0, .least_samples = 0}));
}

}  // namespace
}  // namespace syrinx::measure
