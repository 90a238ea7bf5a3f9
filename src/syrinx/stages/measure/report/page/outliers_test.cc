// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/report/page/outliers.h"

#include <gtest/gtest.h>

#include <limits>

#include "syrinx/stages/measure/report/page/explanations.h"

namespace syrinx::measure {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

std::vector<std::vector<Figure>> sounds_with(const char* name, const std::vector<double>& values,
                                             const char* unit) {
  std::vector<std::vector<Figure>> sounds;
  for (const double value : values) sounds.push_back({{"group", name, value, unit}});
  return sounds;
}

TEST(Outliers, TheSpreadIsTheScaledMedianDeviation) {
  // Median 3, deviations 2 1 0 1 97: their median is 1.
  const RobustSpread spread = robust_spread(std::vector<double>{1, 2, 3, 4, 100});
  EXPECT_DOUBLE_EQ(spread.median, 3.0);
  EXPECT_DOUBLE_EQ(spread.spread, 1.4826);
}

TEST(Outliers, WhereMoreThanHalfAreEqualTheMeanDeviationStandsIn) {
  const RobustSpread spread = robust_spread(std::vector<double>{0, 0, 0, 0, 0, 0, 0, 0, 0, 10});
  EXPECT_DOUBLE_EQ(spread.median, 0.0);
  EXPECT_DOUBLE_EQ(spread.spread, 1.2533);
}

TEST(Outliers, OfAnEvenCountTheMedianLiesBetween) {
  EXPECT_DOUBLE_EQ(robust_spread(std::vector<double>{1, 2, 3, 10}).median, 2.5);
  EXPECT_DOUBLE_EQ(robust_spread(std::vector<double>{}).spread, 0.0);
  EXPECT_DOUBLE_EQ(robust_spread(std::vector<double>{5, kNone}).median, 5.0);
}

TEST(Outliers, TheOneThatIsOffIsNamedWithHowFar) {
  const auto all = summarise(sounds_with("rms", {-20, -21, -19, -20.5, -40, -19.5}, "dBFS"));
  ASSERT_EQ(all.outliers.size(), 1u);
  EXPECT_EQ(all.outliers[0].sound, 4u);
  EXPECT_EQ(all.figures[all.outliers[0].figure].name, "rms");
  // Median -20.25, median deviation (0.75 + 0.75) / 2.
  EXPECT_NEAR(all.outliers[0].z, (-40 + 20.25) / (1.4826 * 0.75), 1e-9);
  EXPECT_EQ(all.figures[0].least_sound, 4u);
  EXPECT_EQ(all.figures[0].most_sound, 2u);
}

TEST(Outliers, FewSoundsAndEqualOnesHaveNone) {
  EXPECT_TRUE(summarise(sounds_with("rms", {1, 1, 1, 100}, "dB")).outliers.empty());
  EXPECT_TRUE(summarise(sounds_with("rms", {7, 7, 7, 7, 7, 7}, "dB")).outliers.empty());
}

TEST(Outliers, DifferencesThatSayNothingAreNone) {
  // 0.01 dB is far beyond the others' spread, and nothing to anyone.
  const std::vector<double> values = {-20, -20.0001, -19.9999, -20.0002, -20.01, -20};
  EXPECT_TRUE(summarise(sounds_with("rms", values, "dBFS")).outliers.empty());
}

TEST(Outliers, WhatDoesNotExistDoesNotCount) {
  const auto all = summarise(sounds_with("f0_median", {100, kNone, 101, 99, 100, 102, 300}, "Hz"));
  EXPECT_EQ(all.figures[0].sounds, 6u);
  ASSERT_EQ(all.outliers.size(), 1u);
  EXPECT_EQ(all.outliers[0].sound, 6u);
  EXPECT_EQ(summarise(sounds_with("f0_median", {kNone, kNone}, "Hz")).figures[0].sounds, 0u);
}

TEST(Outliers, AFigureThatSomeLackKeepsItsPlace) {
  std::vector<std::vector<Figure>> sounds = {{{"a", "x", 1, ""}}, {{"a", "y", 2, ""}}};
  const auto all = summarise(sounds);
  ASSERT_EQ(all.figures.size(), 2u);
  EXPECT_EQ(all.values[1][1], 2.0);
  EXPECT_NE(all.values[1][0], all.values[1][0]) << "not a number";
}

TEST(Outliers, FiguresOfAGroupStayTogetherWhateverTheFirstSoundLacks) {
  const std::vector<std::vector<Figure>> sounds = {{{"a", "x", 1, ""}, {"b", "y", 1, ""}},
                                                   {{"a", "late", 1, ""}, {"b", "y", 1, ""}}};
  const auto figures = summarise(sounds).figures;
  ASSERT_EQ(figures.size(), 3u);
  EXPECT_EQ(figures[0].name, "x");
  EXPECT_EQ(figures[1].name, "late");
  EXPECT_EQ(figures[2].name, "y");
}

TEST(Explanations, KnowWhichOfTwoIsBetter) {
  EXPECT_EQ(better_of("stoi", "", 0.8, 0.9), 1);
  EXPECT_EQ(better_of("log_spectral_distance", "dB", 1.0, 2.0), -1);
  EXPECT_EQ(better_of("dc_offset", "", -0.01, 0.001), 1);
  EXPECT_EQ(better_of("f0_median", "Hz", 100, 200), 0) << "no side of pitch is better";
  EXPECT_EQ(better_of("snr", "dB", 20.0, 20.05), 0) << "too little to say";
  EXPECT_EQ(better_of("snr", "dB", kNone, 20.0), 0);
  EXPECT_EQ(better_of("nobody_explained_this", "dB", 1, 20), 0);
}

}  // namespace
}  // namespace syrinx::measure
