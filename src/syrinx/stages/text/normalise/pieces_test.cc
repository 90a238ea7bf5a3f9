// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/normalise/pieces.h"

#include <gtest/gtest.h>

namespace syrinx::text {
namespace {

std::vector<std::string> texts(std::string_view line) {
  const Pieces pieces(line);
  std::vector<std::string> out;
  for (std::size_t i = 0; i < pieces.size(); ++i) out.emplace_back(pieces.text(i));
  return out;
}

TEST(Pieces, CutsWhereCharactersChangeTheirKind) {
  EXPECT_EQ(texts("B2A, $3.50"),
            (std::vector<std::string>{"B", "2", "A", ",", "$", "3", ".", "50"}));
}

TEST(Pieces, KeepsCombiningMarksWithTheirLetters) {
  EXPECT_EQ(texts("cafe\xcc\x81s 5"), (std::vector<std::string>{"cafe\xcc\x81s", "5"}));
}

TEST(Pieces, KnowsWhiteSpaceOfAnyAlphabet) {
  const Pieces pieces(
      "a\xc2\xa0"
      "b\xe3\x80\x80"
      "c");  // No-break and ideographic spaces.
  ASSERT_EQ(pieces.size(), 3U);
  EXPECT_TRUE(pieces[1].space_before && pieces[2].space_before);
}

TEST(Pieces, TellsHowLettersAreWritten) {
  const Pieces pieces("abc Abc ABC aBc \xc3\x89t\xc3\xa9");
  EXPECT_EQ(pieces[0].letter_case, LetterCase::kLower);
  EXPECT_EQ(pieces[1].letter_case, LetterCase::kCapitalised);
  EXPECT_EQ(pieces[2].letter_case, LetterCase::kUpper);
  EXPECT_EQ(pieces[3].letter_case, LetterCase::kMixed);
  EXPECT_EQ(pieces[4].letter_case, LetterCase::kCapitalised);
}

TEST(Pieces, GivesBrokenBytesOneByOne) {
  for (const std::string_view broken :
       {"\xff", "\xc3", "\xe2\x82", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80"}) {
    const Pieces pieces(broken);
    ASSERT_FALSE(pieces.size() == 0);
    EXPECT_EQ(pieces[0].kind, PieceKind::kBroken);
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < pieces.size(); ++i) bytes += pieces.text(i).size();
    EXPECT_EQ(bytes, broken.size());
  }
}

TEST(Pieces, AnswersPastBothEnds) {
  const Pieces pieces("a");
  EXPECT_EQ(pieces[1].kind, PieceKind::kEnd);
  EXPECT_EQ(pieces[static_cast<std::size_t>(-1)].kind, PieceKind::kEnd);
  EXPECT_TRUE(pieces.text(7).empty());
}

TEST(Pieces, KnowsWhereARunEnds) {
  const Pieces pieces("a-b c");
  EXPECT_EQ(pieces.run_end(0), 3U);
  EXPECT_EQ(pieces.run_end(2), 3U);
  EXPECT_EQ(pieces.run_end(3), 4U);
}

TEST(LowerCase, ReachesBeyondAscii) {
  EXPECT_EQ(lower_case("\xc3\x89TUDE \xce\xa3"), "\xc3\xa9tude \xcf\x83");
  EXPECT_EQ(lower_case("\xff"
                       "A"),
            "\xff"
            "a");
}

}  // namespace
}  // namespace syrinx::text
