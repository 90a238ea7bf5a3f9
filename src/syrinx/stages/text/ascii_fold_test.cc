// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/ascii_fold.h"

#include <gtest/gtest.h>

namespace syrinx::text {
namespace {

FoldedText fold(std::string_view utf8) { return AsciiFolder::create().value().fold(utf8, 0); }

TEST(AsciiFolder, LeavesAsciiAlone) {
  const FoldedText folded = fold("Dr. Smith paid $3.50.");
  EXPECT_EQ(folded.text.text(), "Dr. Smith paid $3.50.");
  EXPECT_TRUE(folded.skipped.empty());
}

TEST(AsciiFolder, PlainsCurlyQuotesSoThatContractionsAreFound) {
  EXPECT_EQ(fold("It’s “here”").text.text(), "It's \"here\"");
}

TEST(AsciiFolder, ADashBetweenWordsDoesNotJoinThem) {
  EXPECT_EQ(fold("yes—no").text.text(), "yes - no");
}

TEST(AsciiFolder, AccentsFallAwayComposedOrNot) {
  EXPECT_EQ(fold("café naïve Straße Łódź").text.text(), "cafe naive Strasse Lodz");
  EXPECT_EQ(fold("cafe\xCC\x81").text.text(), "cafe");
}

TEST(AsciiFolder, OtherScriptsAreTransliterated) {
  EXPECT_EQ(fold("Москва").text.text(), "Moskva");
}

TEST(AsciiFolder, FullWidthDigitsAndLigaturesBecomePlain) {
  EXPECT_EQ(fold("１２３ ﬁne").text.text(), "123 fine");
}

TEST(AsciiFolder, InvisibleCharactersVanishWithoutAReport) {
  const FoldedText folded = fold("zero\xE2\x80\x8Bwidth\xEF\xBB\xBF");
  EXPECT_EQ(folded.text.text(), "zerowidth");
  EXPECT_TRUE(folded.skipped.empty());
}

TEST(AsciiFolder, WhatHasNoAsciiFormIsListedWithItsPlace) {
  const FoldedText folded = fold("go 🚀 up");
  EXPECT_EQ(folded.text.text(), "go  up");
  ASSERT_EQ(folded.skipped.size(), 1u);
  EXPECT_EQ(folded.skipped[0].character, "🚀");
  EXPECT_EQ(folded.skipped[0].source, (SourceSpan{3, 7}));
}

TEST(AsciiFolder, BytesThatAreNotUtf8AreListedNotRead) {
  const FoldedText folded = fold("a\xFF\xC3z");
  EXPECT_EQ(folded.text.text(), "az");
  EXPECT_EQ(folded.skipped.size(), 2u);
}

TEST(AsciiFolder, EveryByteKnowsWhereItCameFrom) {
  const FoldedText folded = AsciiFolder::create().value().fold("é—x", 100);
  EXPECT_EQ(folded.text.text(), "e - x");
  EXPECT_EQ(folded.text.source_of(0, 1), (SourceSpan{100, 102}));
  EXPECT_EQ(folded.text.source_of(1, 4), (SourceSpan{102, 105}));
  EXPECT_EQ(folded.text.source_of(4, 5), (SourceSpan{105, 106}));
}

}  // namespace
}  // namespace syrinx::text
