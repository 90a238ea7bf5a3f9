// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/ssml/item_writer.h"

#include <gtest/gtest.h>

namespace syrinx::text {
namespace {

TEST(ItemWriter, TextThatFollowsOnTextIsOneItem) {
  ItemWriter writer(100);
  writer.add_text("a", {0, 1}, {});
  writer.add_text("&", {1, 6}, {});
  writer.interrupt();
  writer.add_text("b", {9, 10}, {});
  ASSERT_EQ(writer.items().size(), 2u);
  EXPECT_EQ(writer.items()[0].text.text(), "a&");
  EXPECT_EQ(writer.items()[0].source, (SourceSpan{100, 106}));
  EXPECT_EQ(writer.items()[0].text.source_of(1, 2), (SourceSpan{101, 106}));
}

TEST(ItemWriter, BoundariesDoNotPileUpAndTheStrongerStays) {
  ItemWriter writer(0);
  writer.add_boundary(ScriptItemKind::kParagraphEnd, {0, 1});
  EXPECT_TRUE(writer.items().empty()) << "nothing was said yet";
  writer.add_text("a", {1, 2}, {});
  writer.add_text(" ", {2, 3}, {});
  writer.add_boundary(ScriptItemKind::kSentenceEnd, {3, 4});
  writer.add_text(" ", {4, 5}, {});
  writer.add_boundary(ScriptItemKind::kParagraphEnd, {5, 6});
  writer.add_boundary(ScriptItemKind::kSentenceEnd, {6, 7});
  ASSERT_EQ(writer.items().size(), 2u);
  EXPECT_EQ(writer.items()[1].kind, ScriptItemKind::kParagraphEnd);
}

TEST(ItemWriter, AContourIsSharedOutByTheLengthOfTheTexts) {
  std::vector<ScriptItem> items(3);
  items[0].text = MappedText("aaa", 0);
  items[1].kind = ScriptItemKind::kPause;
  items[2].text = MappedText("b", 3);
  spread_contour({{0.0, 0.0}, {0.5, 4.0}, {1.0, 0.0}}, items, 0);
  const auto& first = items[0].style.contour;
  ASSERT_EQ(first.size(), 3u);
  EXPECT_DOUBLE_EQ(first[1].position, 2.0 / 3.0);
  EXPECT_DOUBLE_EQ(first[1].semitones, 4.0);
  EXPECT_DOUBLE_EQ(first[2].semitones, 2.0);
  EXPECT_TRUE(items[1].style.contour.empty());
  const auto& last = items[2].style.contour;
  ASSERT_EQ(last.size(), 2u);
  EXPECT_DOUBLE_EQ(last[0].semitones, 2.0);
  EXPECT_DOUBLE_EQ(last[1].semitones, 0.0);
}

TEST(ItemWriter, AContourOverNothingDoesNothing) {
  std::vector<ScriptItem> items(1);
  spread_contour({{0.0, 1.0}}, items, 0);
  spread_contour({{0.0, 1.0}}, items, 1);
  EXPECT_TRUE(items[0].style.contour.empty());
}

}  // namespace
}  // namespace syrinx::text
