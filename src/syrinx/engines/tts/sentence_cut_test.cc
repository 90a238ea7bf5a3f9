// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/tts/sentence_cut.h"

#include <gtest/gtest.h>

#include "syrinx/engines/tts/text_reader.h"

namespace syrinx::tts {
namespace {

ReadSentence read(const std::string& line) {
  return TextFrontEnd::create({}).value().read_line(line);
}

std::size_t cut(const ReadSentence& sentence, std::size_t max_words) {
  return natural_cut(sentence.tokens, 0, sentence.tokens.size(), max_words);
}

TEST(SentenceCut, IsAfterTheLastMarkThatStillFits) {
  const ReadSentence sentence = read("One, two three, four five six seven.");
  EXPECT_EQ(cut(sentence, 7), sentence.tokens.size()) << "all of it fits";
  EXPECT_EQ(cut(sentence, 5), 5u) << "after the second comma";
  EXPECT_EQ(cut(sentence, 2), 2u) << "after the first";
}

TEST(SentenceCut, IsNowhereWithoutAMark) {
  const ReadSentence sentence = read("one two three four five six");
  EXPECT_EQ(cut(sentence, 2), sentence.tokens.size());
}

TEST(SentenceCut, LeavesBothPartsWithTheirOwnTextAndPlaces) {
  ReadSentence first = read("One, two three.");
  first.styles = {{0, {}}};
  SentenceEvent early;
  SentenceEvent late;
  late.token = 3;
  first.events = {early, late};
  const ReadSentence rest = split_off(first, 2);
  EXPECT_EQ(first.written.text(), "One, ");
  EXPECT_EQ(rest.written.text(), "two three.");
  EXPECT_EQ(rest.written.source(), (SourceSpan{5, 15}));
  EXPECT_FALSE(first.ends_paragraph);
  EXPECT_TRUE(rest.ends_paragraph);
  ASSERT_EQ(rest.events.size(), 1u);
  EXPECT_EQ(rest.events[0].token, 1u);
  EXPECT_EQ(first.events.size(), 1u);
  ASSERT_EQ(rest.styles.size(), 1u) << "the manner goes on";
  EXPECT_EQ(rest.styles[0].token, 0u);
  EXPECT_EQ(first.tokens.size(), 2u);
  EXPECT_EQ(rest.tokens.front().written, "two");
}

}  // namespace
}  // namespace syrinx::tts
