// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/unicode/clean_text.h"

#include <gtest/gtest.h>

#include <random>

namespace syrinx::text {
namespace {

std::string cleaned(std::string_view text) { return clean_text(MappedText(text, 0)).text.text(); }

TEST(CleanText, LeavesPlainTextAlone) {
  EXPECT_EQ(cleaned("It's 5 - 3 = 2.\nYes?"), "It's 5 - 3 = 2.\nYes?");
  EXPECT_EQ(cleaned("1914–1918 — naïve ½ m² €5 £3"), "1914–1918 — naïve ½ m² €5 £3");
}

TEST(CleanText, StraightensQuotes) {
  EXPECT_EQ(cleaned("\u201cdon\u2019t\u201d \u00abja\u00bb"), "\"don't\" \"ja\"");
}

TEST(CleanText, ReadsDigitsAndLettersOfOtherForms) {
  EXPECT_EQ(cleaned("\uff11\uff12\uff21 \u0661\u0662 \u2163 \U0001D400 \ufb01n"),
            "12A 12 IV A fin");
  EXPECT_EQ(cleaned("20\u2103 \u2116 5 \u2122"), "20\u2103 \u2116 5 \u2122");
}

TEST(CleanText, DropsWhatIsInvisibleAndSaysSo) {
  const auto clean = clean_text(MappedText("a\u200bb\u200ec\ufeffd\u00ade", 10));
  EXPECT_EQ(clean.text.text(), "abcde");
  ASSERT_EQ(clean.dropped.size(), 4U);
  EXPECT_EQ(clean.dropped[0].source, (SourceSpan{11, 14}));
  EXPECT_EQ(clean.dropped[0].reason, "invisible character");
}

TEST(CleanText, KeepsTheJoinersOfEmoji) {
  const std::string family = "\U0001F468\u200D\U0001F469\u200D\U0001F467";
  EXPECT_EQ(cleaned(family), family);
  EXPECT_EQ(cleaned("\u2764\ufe0f"), "\u2764\ufe0f");
  EXPECT_EQ(cleaned("na\u200Dme"), "name");
}

TEST(CleanText, ComposesLettersAndTheirMarks) {
  const auto clean = clean_text(MappedText("cafe\u0301 u\u0308ber", 0));
  EXPECT_EQ(clean.text.text(), "caf\u00e9 \u00fcber");
  EXPECT_EQ(clean.text.source_of(3, 5), (SourceSpan{3, 6}));
  EXPECT_EQ(clean.text.source_of(5, 6), (SourceSpan{6, 7}));
}

TEST(CleanText, DropsBytesThatAreNotUtf8AndListsThem) {
  const auto clean = clean_text(MappedText("a\xFF\xC3z", 0));
  EXPECT_EQ(clean.text.text(), "az");
  ASSERT_EQ(clean.dropped.size(), 2U);
  EXPECT_EQ(clean.dropped[1].reason, "not UTF-8");
}

TEST(CleanText, MakesOneKindOfLineEnd) { EXPECT_EQ(cleaned("a\r\nb\rc\u2028d"), "a\nb\nc\nd"); }

// Twice is once, whatever the bytes, and each byte of the source is accounted for in order.
TEST(CleanText, IsStableOnAnyBytes) {
  std::mt19937 random(7);
  for (int run = 0; run < 2000; ++run) {
    std::string bytes(random() % 40, ' ');
    for (char& c : bytes) c = static_cast<char>(random() % 3 == 0 ? random() : 'a' + random() % 26);
    const auto once = clean_text(MappedText(bytes, 5));
    EXPECT_EQ(clean_text(once.text).text.text(), once.text.text());
    if (bytes.empty()) continue;
    EXPECT_EQ(once.text.source(), (SourceSpan{5, 5 + bytes.size()}));
  }
}

}  // namespace
}  // namespace syrinx::text
