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

TEST(MappedText, AnEmptyRangeHasAPlace) {
  const MappedText text("ab", 4);
  EXPECT_EQ(text.source_of(1, 1), (SourceSpan{5, 5}));
  EXPECT_EQ(text.source_of(2, 2), (SourceSpan{6, 6}));
}

TEST(MappedTextDeathTest, AppendingOutOfOrderStops) {
  MappedText text("abc", 5);
  EXPECT_DEATH(text.append("x", {0, 1}), "source order");
}

}  // namespace
}  // namespace syrinx
