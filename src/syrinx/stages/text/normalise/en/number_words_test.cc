// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/normalise/en/number_words.h"

#include <gtest/gtest.h>

namespace syrinx::text::en {
namespace {

constexpr HundredAnd kNever = HundredAnd::kNever;
constexpr HundredAnd kLast = HundredAnd::kLastGroup;
constexpr HundredAnd kAlways = HundredAnd::kAlways;

TEST(Cardinal, CountsFromZeroToDecillions) {
  EXPECT_EQ(cardinal("0", kNever), "zero");
  EXPECT_EQ(cardinal("13", kNever), "thirteen");
  EXPECT_EQ(cardinal("40", kNever), "forty");
  EXPECT_EQ(cardinal("100", kNever), "one hundred");
  EXPECT_EQ(cardinal("1000000", kNever), "one million");
  EXPECT_EQ(cardinal("1000000000000000000000000000000000", kNever), "one decillion");
  EXPECT_EQ(cardinal(-7, kNever), "minus seven");
}

TEST(Cardinal, HasAndWhereTheReaderHasIt) {
  EXPECT_EQ(cardinal("105105", kNever), "one hundred five thousand one hundred five");
  EXPECT_EQ(cardinal("105105", kLast), "one hundred five thousand one hundred and five");
  EXPECT_EQ(cardinal("105105", kAlways), "one hundred and five thousand one hundred and five");
  EXPECT_EQ(cardinal("1005", kLast), "one thousand and five");
  EXPECT_EQ(cardinal("1000005", kLast), "one million five");
  EXPECT_EQ(cardinal("1000005", kAlways), "one million and five");
}

TEST(Cardinal, ReadsWhatIsTooLargeDigitByDigit) {
  EXPECT_EQ(cardinal(std::string(37, '1'), kNever).substr(0, 11), "one one one");
}

TEST(Ordinal, TurnsTheLastWord) {
  EXPECT_EQ(ordinal("1", kNever), "first");
  EXPECT_EQ(ordinal("12", kNever), "twelfth");
  EXPECT_EQ(ordinal("20", kNever), "twentieth");
  EXPECT_EQ(ordinal("143", kNever), "one hundred forty third");
  EXPECT_EQ(ordinal("1000000", kNever), "one millionth");
}

TEST(Year, IsReadInPairsWherePeopleDo) {
  EXPECT_EQ(year("1984", "oh", kNever), "nineteen eighty four");
  EXPECT_EQ(year("1900", "oh", kNever), "nineteen hundred");
  EXPECT_EQ(year("1905", "oh", kNever), "nineteen oh five");
  EXPECT_EQ(year("2000", "oh", kNever), "two thousand");
  EXPECT_EQ(year("2005", "oh", kNever), "two thousand five");
  EXPECT_EQ(year("2015", "oh", kNever), "twenty fifteen");
  EXPECT_EQ(year("1066", "oh", kNever), "ten sixty six");
  EXPECT_EQ(year("476", "oh", kNever), "four seventy six");
}

TEST(Decade, IsAPlural) {
  EXPECT_EQ(decade("1980", "oh", kNever), "nineteen eighties");
  EXPECT_EQ(decade("2010", "oh", kNever), "twenty tens");
  EXPECT_EQ(decade("60", "oh", kNever), "sixties");
}

TEST(Decimal, ReadsDigitsAfterThePoint) {
  EXPECT_EQ(decimal("3", "14", "zero", kNever), "three point one four");
  EXPECT_EQ(decimal("", "5", "zero", kNever), "point five");
  EXPECT_EQ(decimal("0", "005", "o", kNever), "zero point o o five");
}

TEST(Plural, FollowsTheSpelling) {
  EXPECT_EQ(plural("sixty"), "sixties");
  EXPECT_EQ(plural("six"), "sixes");
  EXPECT_EQ(plural("day"), "days");
  EXPECT_EQ(plural("match"), "matches");
}

TEST(RomanValue, TakesNumeralsAsTheyAreWritten) {
  EXPECT_EQ(roman_value("XIV"), 14);
  EXPECT_EQ(roman_value("mcmxcix"), 1999);
  for (const std::string_view wrong : {"IIII", "VX", "IXV", "XiV", "", "ABC", "IC"}) {
    EXPECT_EQ(roman_value(wrong), 0) << wrong;
  }
}

}  // namespace
}  // namespace syrinx::text::en
