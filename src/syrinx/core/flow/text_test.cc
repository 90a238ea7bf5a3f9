// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/flow/text.h"

#include <gtest/gtest.h>

namespace syrinx {
namespace {

TEST(MappedText, VerbatimBytesMapToThemselves) {
  const MappedText text("hello", 10);
  EXPECT_EQ(text.source_of(1, 3), (SourceSpan{11, 13}));
  EXPECT_EQ(text.source(), (SourceSpan{10, 15}));
}

TEST(MappedText, ReplacedTextMapsToWhatItReplaced) {
  MappedText text;
  text.append("it", {0, 2});
  text.append("'", {2, 5});  // A three-byte curly quote.
  text.append("s", {5, 6});
  text.append("", {6, 9});  // Dropped.
  EXPECT_EQ(text.text(), "it's");
  EXPECT_EQ(text.source_of(0, 4), (SourceSpan{0, 6}));
  EXPECT_EQ(text.source_of(2, 3), (SourceSpan{2, 5}));
  EXPECT_EQ(text.source(), (SourceSpan{0, 9}));
}

TEST(MappedText, OneSpanMayBeAddedInPieces) {
  MappedText text;
  text.append("do", {0, 5});
  text.append(" not", {0, 5});
  EXPECT_EQ(text.source_of(3, 4), (SourceSpan{0, 5}));
  EXPECT_EQ(text.source(), (SourceSpan{0, 5}));
}

TEST(MappedText, OneByteMayStandForSeveral) {
  MappedText text("a", 3);
  for (const char* more : {"x", "y"}) text.append(more, {4, 5});
  EXPECT_EQ(text.source_of(2, 3), (SourceSpan{4, 5}));
  EXPECT_EQ(text.slice(1, 3).source(), (SourceSpan{4, 5}));
}

TEST(MappedText, AnEmptyRangeHasAPlace) {
  const MappedText text("ab", 4);
  EXPECT_EQ(text.source_of(1, 1), (SourceSpan{5, 5}));
  EXPECT_EQ(text.source_of(2, 2), (SourceSpan{6, 6}));
}

TEST(MappedText, ASliceKeepsItsOrigins) {
  MappedText text("abc", 4);
  text.append("and", {7, 12});  // "&amp;"
  text.append_verbatim("xyz", 12);
  const MappedText part = text.slice(2, 8);
  EXPECT_EQ(part.text(), "candxy");
  EXPECT_EQ(part.source(), (SourceSpan{6, 14}));
  EXPECT_EQ(part.source_of(0, 1), (SourceSpan{6, 7}));
  EXPECT_EQ(part.source_of(2, 3), (SourceSpan{7, 12}));
  EXPECT_EQ(part.source_of(5, 6), (SourceSpan{13, 14}));
}

TEST(MappedText, EverySliceAnswersAsTheWhole) {
  MappedText text("ab", 0);
  text.append("replaced", {2, 4});
  text.append_verbatim("cd", 4);
  text.append("", {6, 9});
  text.append_verbatim("ef", 9);
  for (std::size_t begin = 0; begin <= text.size(); ++begin) {
    for (std::size_t end = begin + 1; end <= text.size(); ++end) {
      const MappedText part = text.slice(begin, end);
      for (std::size_t i = 0; i < part.size(); ++i) {
        ASSERT_EQ(part.source_of(i, i + 1), text.source_of(begin + i, begin + i + 1));
      }
    }
  }
}

TEST(MappedText, TwoBecomeOne) {
  MappedText text("ab", 0);
  MappedText more("cd", 7);
  more.append("!", {9, 12});
  text.append(more);
  EXPECT_EQ(text.text(), "abcd!");
  EXPECT_EQ(text.source_of(2, 5), (SourceSpan{7, 12}));
  EXPECT_EQ(text.source(), (SourceSpan{0, 12}));
}

TEST(MappedTextDeathTest, AppendingOutOfOrderStops) {
  MappedText text("abc", 5);
  EXPECT_DEATH(text.append("x", {0, 1}), "source order");
}

}  // namespace
}  // namespace syrinx
