// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/normalise/emoji_table.h"

#include <gtest/gtest.h>

namespace syrinx::text {
namespace {

TEST(EmojiName, KnowsCommonOnes) {
  EXPECT_EQ(emoji_name("😂"), "face with tears of joy");
  EXPECT_EQ(emoji_name("🎉"), "party popper");
  EXPECT_EQ(emoji_name("☺"), "smiling face");
}

TEST(EmojiName, IgnoresSkinTonesAndPresentation) {
  EXPECT_EQ(emoji_name("👍🏽"), "thumbs up");
  EXPECT_EQ(emoji_name("❤️"), "red heart");
}

TEST(EmojiName, KnowsSequences) {
  EXPECT_EQ(emoji_name("👨‍👩‍👧"), "family");
  EXPECT_EQ(emoji_name("🤷‍♀️"), "shrug");
}

TEST(EmojiName, ReadsFlagsByTheirCountry) {
  EXPECT_EQ(emoji_name("🇫🇷"), "flag of France");
  EXPECT_EQ(emoji_name("🇦🇶"), "flag of A Q");  // Antarctica is not in the table.
}

TEST(EmojiName, IsEmptyForOthers) {
  EXPECT_EQ(emoji_name("x"), "");
  EXPECT_EQ(emoji_name(""), "");
  EXPECT_EQ(emoji_name("\xf0\x9f\x87"), "");
}

}  // namespace
}  // namespace syrinx::text
