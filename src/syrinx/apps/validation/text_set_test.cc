// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/validation/text_set.h"

#include <gtest/gtest.h>

#include "syrinx/core/base/limits.h"

namespace syrinx::validation {
namespace {

TEST(TextSet, HasALineForASentenceAndADigestOfTheSentencesAlone) {
  const auto unix_lines = parse_texts("One cat.\nTwo dogs.\n", "a");
  const auto dos_lines = parse_texts("\r\n  One cat.\r\n\r\nTwo dogs.", "b");
  ASSERT_TRUE(unix_lines && dos_lines);
  EXPECT_EQ(unix_lines->sentences, (std::vector<std::string>{"One cat.", "Two dogs."}));
  EXPECT_EQ(dos_lines->sentences, unix_lines->sentences);
  EXPECT_EQ(dos_lines->sha256, unix_lines->sha256);
  EXPECT_NE(parse_texts("One cat. Two dogs.", "a")->sha256, unix_lines->sha256);
}

TEST(TextSet, WhatIsNoSetOfSentencesIsRefusedWithItsLine) {
  EXPECT_EQ(parse_texts("\n \n", "empty").error().code, ErrorCode::kInvalidArgument);
  const auto stars = parse_texts("One cat.\n***\n", "stars");
  ASSERT_FALSE(stars);
  EXPECT_NE(stars.error().message.find("line 2"), std::string::npos);
  const auto wide = parse_texts(std::string(limits::kMaxSentenceBytes + 1, 'a'), "wide");
  EXPECT_EQ(wide.error().code, ErrorCode::kLimitExceeded);
  std::string many;
  for (std::size_t i = 0; i <= limits::kMaxValidationSentences; ++i) many += "word\n";
  EXPECT_EQ(parse_texts(many, "many").error().code, ErrorCode::kLimitExceeded);
}

TEST(TextSet, TheBuiltInOneHasTwentySentences) {
  EXPECT_EQ(built_in_texts().sentences.size(), 20u);
  EXPECT_EQ(built_in_texts().sha256.size(), 64u);
}

TEST(TextSet, AFileThatIsNotThereIsNamed) {
  const auto texts = read_texts("/nowhere/texts.txt", {});
  ASSERT_FALSE(texts);
  EXPECT_EQ(texts.error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace syrinx::validation
