// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/recognition/word_error_rate.h"

#include <gtest/gtest.h>

namespace syrinx::measure {
namespace {

using Words = std::vector<std::string>;

WordErrors compare(std::string_view reference, std::string_view hypothesis) {
  return compare_words(words_of(reference), words_of(hypothesis));
}

TEST(WordsOf, DropsCaseAndPunctuationAndKeepsApostrophesInsideWords) {
  EXPECT_EQ(words_of("It's easy -- to TELL the man\xE2\x80\x99s 'depth'."),
            (Words{"it's", "easy", "to", "tell", "the", "man's", "depth"}));
  EXPECT_EQ(words_of("picture-books, 18"), (Words{"picture", "books", "18"}));
  EXPECT_EQ(words_of(" ... "), Words{});
  EXPECT_EQ(words_of("Wei\xC3\x9F"
                     "enburg"),
            (Words{"wei\xC3\x9F"
                   "enburg"}));
}

TEST(WordErrors, EqualSentencesHaveNone) {
  const auto errors = compare("The birch canoe slid.", "the birch canoe slid");
  EXPECT_EQ(errors.errors(), 0u);
  EXPECT_EQ(errors.words, 4u);
  EXPECT_EQ(errors.rate(), 0.0);
}

TEST(WordErrors, EachKindIsCounted) {
  const auto substituted = compare("a b c", "a x c");
  EXPECT_EQ(substituted.substitutions, 1u);
  EXPECT_EQ(substituted.errors(), 1u);
  const auto deleted = compare("a b c", "a c");
  EXPECT_EQ(deleted.deletions, 1u);
  EXPECT_EQ(deleted.errors(), 1u);
  const auto inserted = compare("a b c", "a b x c");
  EXPECT_EQ(inserted.insertions, 1u);
  EXPECT_EQ(inserted.errors(), 1u);
}

TEST(WordErrors, MixedErrorsTakeTheFewestChanges) {
  // By hand: "quick" is dropped, "fox" becomes "box", "today" is added.
  const auto errors = compare("the quick brown fox jumps", "the brown box jumps today");
  EXPECT_EQ(errors.deletions, 1u);
  EXPECT_EQ(errors.substitutions, 1u);
  EXPECT_EQ(errors.insertions, 1u);
  EXPECT_DOUBLE_EQ(errors.rate(), 3.0 / 5.0);
}

TEST(WordErrors, EmptySidesAreAllDeletionsOrInsertions) {
  EXPECT_EQ(compare("a b c", "").deletions, 3u);
  EXPECT_DOUBLE_EQ(compare("a b c", "").rate(), 1.0);
  EXPECT_EQ(compare("", "a b").insertions, 2u);
  EXPECT_EQ(compare("", "a b").rate(), 0.0);
  EXPECT_EQ(compare("a", "b c d").errors(), 3u);
}

TEST(Bootstrap, SentencesThatAreAllAlikeHaveNoSpread) {
  const std::vector<WordErrors> alike(20, WordErrors{1, 0, 0, 10});
  const auto interval = bootstrap_rate_interval(alike, 1'000);
  EXPECT_DOUBLE_EQ(interval.low, 0.1);
  EXPECT_DOUBLE_EQ(interval.high, 0.1);
}

TEST(Bootstrap, TheIntervalHoldsTheRateAndHasTheWidthOfTheBinomial) {
  // 100 sentences of one word, 30 of them wrong: the standard error is sqrt(0.3 * 0.7 / 100), and
  // 1.96 of them are 0.0898; 4,000 draws find it to about a tenth.
  std::vector<WordErrors> sentences(100, WordErrors{0, 0, 0, 1});
  for (std::size_t i = 0; i < 30; ++i) sentences[i].substitutions = 1;
  const auto interval = bootstrap_rate_interval(sentences, 4'000);
  EXPECT_NEAR(interval.low, 0.3 - 0.0898, 0.015);
  EXPECT_NEAR(interval.high, 0.3 + 0.0898, 0.015);
  const auto again = bootstrap_rate_interval(sentences, 4'000);
  EXPECT_EQ(again.low, interval.low);
}

TEST(Bootstrap, NoSentencesHaveNoInterval) {
  EXPECT_EQ(bootstrap_rate_interval({}, 100).high, 0.0);
}

}  // namespace
}  // namespace syrinx::measure
