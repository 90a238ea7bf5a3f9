// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/ssml/style_values.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>

#include "syrinx/core/base/limits.h"

namespace syrinx::text {
namespace {

constexpr double kExact = 1e-9;

// NaN where there is no value, which equals nothing.
double value_of(const std::optional<StyleValue>& value) {
  return value ? value->value : std::numeric_limits<double>::quiet_NaN();
}

TEST(StyleValues, NumbersHaveDigitsAndNoExponent) {
  EXPECT_EQ(read_number("+1.5"), 1.5);
  EXPECT_EQ(read_number("-2"), -2.0);
  EXPECT_EQ(read_number(".5"), 0.5);
  for (const char* bad : {"", "+", "-", "1e3", "inf", "nan", "-nan", "+-1", "0x10", "1 2", "1,5"}) {
    EXPECT_EQ(read_number(bad), std::nullopt) << bad;
  }
}

TEST(StyleValues, TimesHaveAUnit) {
  EXPECT_EQ(read_time_s("300ms"), 0.3);
  EXPECT_EQ(read_time_s("1.5s"), 1.5);
  EXPECT_EQ(read_time_s(" +2S "), 2.0);
  for (const char* bad : {"", "s", "3", "-1s", "3 min", "1.5.5s"}) {
    EXPECT_EQ(read_time_s(bad), std::nullopt) << bad;
  }
}

TEST(StyleValues, ARateIsOfTheVoiceOrOfTheRateBefore) {
  EXPECT_NEAR(value_of(read_rate("120%", 2.0)), 1.2, kExact);
  EXPECT_NEAR(value_of(read_rate("+20%", 2.0)), 2.4, kExact);
  EXPECT_NEAR(value_of(read_rate("-50%", 2.0)), 1.0, kExact);
  EXPECT_NEAR(value_of(read_rate("0.8", 2.0)), 0.8, kExact);
  EXPECT_LT(value_of(read_rate("x-slow", 1)), value_of(read_rate("slow", 1)));
  EXPECT_LT(value_of(read_rate("fast", 1)), value_of(read_rate("x-fast", 1)));
  EXPECT_EQ(value_of(read_rate("default", 3)), 1.0);
  EXPECT_FALSE(read_rate("quick", 1));
}

TEST(StyleValues, WhatIsBeyondThePossibleIsClampedWithANote) {
  EXPECT_EQ(value_of(read_rate("5000%", 1)), kMaxStyleRate);
  EXPECT_FALSE(read_rate("0%", 1)->note.empty());
  EXPECT_EQ(value_of(read_pitch("+99st", 0, {})), kMaxStyleSemitones);
  EXPECT_EQ(value_of(read_volume("+99dB", 0)), kMaxStyleDb);
}

TEST(StyleValues, PitchIsInSemitones) {
  EXPECT_NEAR(value_of(read_pitch("+2st", 1, {})), 3.0, kExact);
  EXPECT_NEAR(value_of(read_pitch("+100%", 0, {})), 12.0, kExact);
  EXPECT_NEAR(value_of(read_pitch("200Hz", 5, 100.0)), 12.0, kExact);
  EXPECT_NEAR(value_of(read_pitch("+100hz", 12, 100.0)), 12.0 * std::log2(3.0), kExact);
  EXPECT_TRUE(read_pitch("200Hz", 0, 100.0)->note.empty());
  EXPECT_FALSE(read_pitch("200Hz", 0, {})->note.empty()) << "the voice's pitch is a guess";
  for (const char* bad : {"", "2st", "10%", "high-ish", "+2", "+st"}) {
    EXPECT_FALSE(read_pitch(bad, 0, {})) << bad;
  }
}

TEST(StyleValues, VolumeIsInDecibels) {
  EXPECT_NEAR(value_of(read_volume("+6dB", -2)), 4.0, kExact);
  EXPECT_NEAR(value_of(read_volume("50", 3)), 20.0 * std::log10(0.5), kExact);
  EXPECT_EQ(value_of(read_volume("0", 0)), kSilentDb);
  EXPECT_EQ(value_of(read_volume("silent", 0)), kSilentDb);
  EXPECT_FALSE(read_volume("loudest", 0));
}

TEST(StyleValues, RangeIsAFactor) {
  EXPECT_NEAR(value_of(read_range("+50%", 2)), 3.0, kExact);
  EXPECT_NEAR(value_of(read_range("+12st", 1)), 2.0, kExact);
  EXPECT_FALSE(read_range("+20Hz", 1)->note.empty());
  EXPECT_FALSE(read_range("12", 1));
}

TEST(StyleValues, AContourIsSortedAndWhatIsOutsideIsDropped) {
  const auto points = read_contour("(50%,-2st) (0%, +1st)(120%,+3st)", 1, {});
  ASSERT_TRUE(points);
  ASSERT_EQ(points->size(), 2u);
  EXPECT_EQ((*points)[0].position, 0.0);
  EXPECT_NEAR((*points)[0].semitones, 2.0, kExact);
  EXPECT_NEAR((*points)[1].semitones, -1.0, kExact);
  for (const char* bad : {"(", "0%,+1st", "(0%)", "(0,+1st)", "(0%,+1st", "(0%,x) ", ")("}) {
    EXPECT_FALSE(read_contour(bad, 0, {})) << bad;
  }
  EXPECT_TRUE(read_contour("", 0, {}));
}

TEST(StyleValues, AContourOfTooManyPointsIsRefused) {
  std::string contour;
  for (std::size_t i = 0; i <= limits::kMaxContourPoints; ++i) contour += "(1%,+1st)";
  EXPECT_FALSE(read_contour(contour, 0, {}));
}

}  // namespace
}  // namespace syrinx::text
