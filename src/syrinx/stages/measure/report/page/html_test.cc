// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/report/page/html.h"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

namespace syrinx::measure::html {
namespace {

TEST(Html, EscapesWhatHasAMeaningInTagsAndAttributes) {
  EXPECT_EQ(escape("<img src=x onerror='a' b=\"c\"> & d"),
            "&lt;img src=x onerror=&#39;a&#39; b=&quot;c&quot;&gt; &amp; d");
}

TEST(Html, ReplacesControlCharactersAndBytesThatAreNotUtf8) {
  EXPECT_EQ(escape(std::string_view("a\0b\x1B[2J", 7)), "a\uFFFDb\uFFFD[2J");
  EXPECT_EQ(escape("\xFF\xFE"), "\uFFFD\uFFFD");
  EXPECT_EQ(escape("\xC0\xAF"), "\uFFFD\uFFFD") << "an overlong slash";
  EXPECT_EQ(escape("\xED\xA0\x80"), "\uFFFD\uFFFD\uFFFD") << "half of a surrogate pair";
  EXPECT_EQ(escape("\xE2\x82"), "\uFFFD\uFFFD") << "a character cut short";
}

TEST(Html, LeavesWordsOfAllLanguagesAlone) {
  EXPECT_EQ(escape("Stra\u00DFe \u97F3\u58F0 \U0001F3A4"), "Stra\u00DFe \u97F3\u58F0 \U0001F3A4");
}

TEST(Html, EncodesBase64AsRfc4648HasIt) {
  const auto of = [](std::string_view text) {
    return base64(std::vector<std::uint8_t>(text.begin(), text.end()));
  };
  EXPECT_EQ(of(""), "");
  EXPECT_EQ(of("f"), "Zg==");
  EXPECT_EQ(of("fo"), "Zm8=");
  EXPECT_EQ(of("foo"), "Zm9v");
  EXPECT_EQ(of("foobar"), "Zm9vYmFy");
  EXPECT_EQ(base64(std::vector<std::uint8_t>{0xFB, 0xFF, 0xFE}), "+//+");
}

TEST(Html, ShowsFiguresWithTheDigitsThatSaySomething) {
  EXPECT_EQ(figure(-23.456), "\u221223.46");
  EXPECT_EQ(figure(0.12345), "0.123");
  EXPECT_EQ(figure(171.79), "171.8");
  EXPECT_EQ(figure(2896.4), "2896");
  EXPECT_EQ(figure(3.0), "3");
  EXPECT_EQ(figure(-0.0), "0");
  EXPECT_EQ(figure(4.2e-6), "4.2e-06");
  EXPECT_EQ(figure(1e300), "1.0e+300");
  EXPECT_EQ(figure(std::numeric_limits<double>::infinity()), "\u2014");
  EXPECT_EQ(figure(std::numeric_limits<double>::quiet_NaN()), "\u2014");
}

TEST(Html, ShowsTimes) {
  EXPECT_EQ(clock(2.345), "2.35 s");
  EXPECT_EQ(clock(62.5), "1:02.50");
  EXPECT_EQ(clock(3725.25), "62:05.25");
}

}  // namespace
}  // namespace syrinx::measure::html
