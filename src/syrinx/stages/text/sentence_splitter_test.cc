// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/sentence_splitter.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "syrinx/core/base/limits.h"

namespace syrinx::text {
namespace {

std::vector<Sentence> split_in_blocks(std::string_view text, std::size_t block,
                                      std::string_view language = "en") {
  SentenceSplitter splitter(language);
  std::vector<Sentence> sentences;
  const auto drain = [&] {
    while (auto sentence = splitter.next()) sentences.push_back(*sentence);
  };
  for (std::size_t at = 0; at < text.size(); at += block) {
    splitter.push(text.substr(at, block));
    drain();
  }
  splitter.finish();
  drain();
  return sentences;
}

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> texts;
  for (const Sentence& sentence : split_in_blocks(text, text.size() + 1)) {
    texts.push_back(sentence.piece.text);
  }
  return texts;
}

using Texts = std::vector<std::string>;

TEST(SentenceSplitter, CutsAtFullStopsQuestionsAndExclamations) {
  EXPECT_EQ(split("One. Two? Three! Four"), (Texts{"One.", "Two?", "Three!", "Four"}));
}

TEST(SentenceSplitter, KeepsGermanNumbersAndAbbreviations) {
  Texts texts;
  const std::string text =
      "Am 3. Mai kam Dr. Lee, z.B. im 17. Jahrhundert. Es waren 25. Dann ging Ludwig XIV. nach "
      "Bonn.";
  for (const Sentence& sentence : split_in_blocks(text, text.size(), "de-DE")) {
    texts.push_back(sentence.piece.text);
  }
  EXPECT_EQ(texts, (Texts{"Am 3. Mai kam Dr. Lee, z.B. im 17. Jahrhundert.", "Es waren 25.",
                          "Dann ging Ludwig XIV. nach Bonn."}));
}

TEST(SentenceSplitter, KeepsTitlesAndInitialsWithTheirNames) {
  EXPECT_EQ(split("Dr. Smith met Mr. St. John. J. R. R. Tolkien did not."),
            (Texts{"Dr. Smith met Mr. St. John.", "J. R. R. Tolkien did not."}));
}

TEST(SentenceSplitter, KeepsDecimalsMoneyUrlsAndVersions) {
  EXPECT_EQ(split("It cost $3.50. See www.a.org/b.html now. Use v1.2.3 please."),
            (Texts{"It cost $3.50.", "See www.a.org/b.html now.", "Use v1.2.3 please."}));
}

TEST(SentenceSplitter, AnAbbreviationEndsASentenceOnlyBeforeAnOpeningWord) {
  EXPECT_EQ(split("The U.S. Army came at 5 p.m. Then it left at 6 p.m. Monday."),
            (Texts{"The U.S. Army came at 5 p.m.", "Then it left at 6 p.m. Monday."}));
}

TEST(SentenceSplitter, NoIsAnAnswerUnlessANumberFollows) {
  EXPECT_EQ(split("No. I will not take No. 5 today."),
            (Texts{"No.", "I will not take No. 5 today."}));
}

TEST(SentenceSplitter, QuotesAndBracketsStayWithTheirSentence) {
  EXPECT_EQ(split("He said \"Go.\" She went. (Late.) “Yes!” he said."),
            (Texts{"He said \"Go.\"", "She went.", "(Late.)", "“Yes!” he said."}));
}

TEST(SentenceSplitter, AnEllipsisBeforeALowerCaseWordGoesOn) {
  EXPECT_EQ(split("Well... maybe. Or… not? Wait... What?"),
            (Texts{"Well... maybe.", "Or… not?", "Wait...", "What?"}));
}

TEST(SentenceSplitter, BlankLinesEndParagraphsAndSingleNewlinesDoNot) {
  const auto sentences = split_in_blocks("A title\n\nOne line\nand its end. Two.", 1000);
  ASSERT_EQ(sentences.size(), 3u);
  EXPECT_EQ(sentences[0].piece.text, "A title");
  EXPECT_TRUE(sentences[0].ends_paragraph);
  EXPECT_EQ(sentences[1].piece.text, "One line\nand its end.");
  EXPECT_FALSE(sentences[1].ends_paragraph);
}

TEST(SentenceSplitter, ListItemsAreSentences) {
  EXPECT_EQ(split("Buy:\n- milk\n- bread\n1. First\n2. Second"),
            (Texts{"Buy:", "- milk", "- bread", "1. First", "2. Second"}));
}

TEST(SentenceSplitter, WideFullStopsNeedNoSpace) {
  EXPECT_EQ(split("一。二！三"), (Texts{"一。", "二！", "三"}));
}

TEST(SentenceSplitter, SpansPointIntoTheSource) {
  const std::string text = "  One.  Two two.\n\n Three ";
  for (const Sentence& sentence : split_in_blocks(text, 5)) {
    EXPECT_EQ(text.substr(sentence.piece.source.begin, sentence.piece.source.size()),
              sentence.piece.text);
  }
}

TEST(SentenceSplitter, AnySizeOfPushGivesTheSameSentences) {
  const std::string text =
      "Dr. Lee said: “It’s 3.5 km.” Really?! Yes… no.\n\n1. One\n2. Two etc. and so on. The "
      "end。完";
  const auto whole = split_in_blocks(text, text.size());
  EXPECT_GE(whole.size(), 7u);
  for (const std::size_t block : {1u, 2u, 7u, 64u}) {
    const auto parts = split_in_blocks(text, block);
    ASSERT_EQ(parts.size(), whole.size()) << block;
    for (std::size_t i = 0; i < whole.size(); ++i) {
      EXPECT_EQ(parts[i].piece.text, whole[i].piece.text) << block;
      EXPECT_EQ(parts[i].piece.source, whole[i].piece.source) << block;
      EXPECT_EQ(parts[i].ends_paragraph, whole[i].ends_paragraph) << block;
    }
  }
}

TEST(SentenceSplitter, GivesASentenceBeforeTheTextIsComplete) {
  SentenceSplitter splitter;
  splitter.push("The first one. And the second is still comi");
  ASSERT_TRUE(splitter.next());
  EXPECT_FALSE(splitter.next());
}

TEST(SentenceSplitter, CutsWhatNeverEndsAndLosesNothing) {
  std::string text;
  for (int i = 0; i < 5000; ++i) text += "word ";
  std::size_t letters = 0;
  for (const auto& sentence : split(text)) {
    EXPECT_LE(sentence.size(), limits::kMaxSentenceBytes);
    for (const char c : sentence) letters += c != ' ';
  }
  EXPECT_EQ(letters, 20'000u);
}

TEST(SentenceSplitter, CutsAnEndlessWordBetweenCharacters) {
  std::string text;
  for (int i = 0; i < 3000; ++i) text += "é";
  std::string joined;
  for (const auto& sentence : split(text)) {
    EXPECT_EQ(sentence.size() % 2, 0u);
    joined += sentence;
  }
  EXPECT_EQ(joined, text);
}

TEST(SentenceSplitter, NothingButSpaceIsNoSentence) { EXPECT_TRUE(split(" \n\n\t ").empty()); }

}  // namespace
}  // namespace syrinx::text
