// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/tagger/tagger.h"

#include <gtest/gtest.h>

#include <fstream>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "support/test_data.h"
#include "syrinx/stages/text/tagger/embedded_model.h"
#include "syrinx/stages/text/tagger/tagger_model.h"

namespace syrinx::text {
namespace {

SpokenWord spoken(std::string_view text) {
  SpokenWord word;
  word.text = text;
  return word;
}

std::string tagged(std::string_view text) {
  TaggedSentence sentence = TaggedSentence::of_text(text);
  Tagger::english().tag(sentence);
  std::string result;
  for (std::size_t i = 0; i < sentence.size(); ++i) {
    if (i > 0) result += ' ';
    result += std::string(sentence.text(i)) + "_" + std::string(name_of(sentence[i].tag));
  }
  return result;
}

TEST(Tagger, TellsNounsFromVerbsByTheirNeighbours) {
  EXPECT_EQ(tagged("She will record the record."),
            "she_PRP will_MD record_VB the_DT record_NN ._.");
  EXPECT_EQ(
      tagged("They use many tools; the use of tools is old."),
      "they_PRP use_VBP many_JJ tools_NNS ;_: the_DT use_NN of_IN tools_NNS is_VBZ old_JJ ._.");
  EXPECT_EQ(tagged("The dogs that he walks like long walks."),
            "the_DT dogs_NNS that_WDT he_PRP walks_VBZ like_IN long_JJ walks_NNS ._.");
}

TEST(Tagger, KnowsNamesByTheirCapitals) {
  EXPECT_EQ(tagged("We met Brown in Berlin."), "we_PRP met_VBD brown_NNP in_IN berlin_NNP ._.");
  EXPECT_EQ(tagged("The brown horse ran."), "the_DT brown_JJ horse_NN ran_VBD ._.");
}

TEST(Tagger, JudgesUnknownWordsByTheirEndings) {
  EXPECT_EQ(tagged("He was blorfing the snarkles quite vundishly."),
            "he_PRP was_VBD blorfing_VBG the_DT snarkles_NNS quite_RB vundishly_RB ._.");
}

TEST(TaggedSentence, DividesWritingAsTheTreebankDoes) {
  const auto units = [](std::string_view text) {
    const TaggedSentence sentence = TaggedSentence::of_text(text);
    std::string joined;
    for (std::size_t i = 0; i < sentence.size(); ++i) {
      joined += (i > 0 ? "|" : "") + std::string(sentence.text(i));
    }
    return joined;
  };
  EXPECT_EQ(units("I don't know; it's John's."), "i|do|n't|know|;|it|'s|john|'s|.");
  EXPECT_EQ(units("I don\u2019t \u201cknow\u201d\u2026"), "i|do|n't|\"|know|\"|...");
  EXPECT_EQ(units("$1,234.50 at 10:30, the U.S. 4th"), "$|1,234.50|at|10:30|,|the|u.s.|4th");
  EXPECT_EQ(units("a well-known naïve café"), "a|well|-|known|naïve|café");
  EXPECT_EQ(units(""), "");
  EXPECT_EQ(units(" \t\n"), "");
}

TEST(Tagger, ReadsTokensAsTheyWereWritten) {
  SpokenToken it, cost, money, stop;
  it.written = "It";
  it.words = {spoken("It")};
  cost.written = "cost";
  cost.words = {spoken("cost")};
  money.token_class = TokenClass::kMoney;
  money.written = "$5";
  money.words = {spoken("five"), spoken("dollars")};
  stop.token_class = TokenClass::kPunctuation;
  stop.written = ".";
  std::vector<SpokenToken> sentence = {it, cost, money, stop};
  sentence[1].words[0].part_of_speech = "kept";
  Tagger::english().tag(sentence);
  EXPECT_EQ(sentence[0].words[0].part_of_speech, "PRP");
  EXPECT_EQ(sentence[1].words[0].part_of_speech, "kept");
  EXPECT_EQ(sentence[2].words[0].part_of_speech, "CD");
  EXPECT_EQ(sentence[2].words[1].part_of_speech, "NNS");
}

TEST(Tagger, TagsBareWords) {
  std::vector<SpokenWord> words = {spoken("Please"), spoken("close"), spoken("the"),
                                   spoken("door"),   spoken("."),     spoken("")};
  std::vector<SpokenWord*> pointers;
  for (SpokenWord& word : words) pointers.push_back(&word);
  Tagger::english().tag(pointers);
  EXPECT_EQ(words[1].part_of_speech, "VB");
  EXPECT_EQ(words[3].part_of_speech, "NN");
  EXPECT_EQ(words[4].part_of_speech, ".");
  EXPECT_EQ(words[5].part_of_speech, "");
}

TEST(Tagger, FitsTellWhatMayStandBetweenNeighboursWhateverTheWord) {
  TaggedSentence sentence = TaggedSentence::of_text("They want to xyzzy the house.");
  Tagger::english().tag(sentence);
  const auto fit = Tagger::english().fit(sentence, 3);
  float sum = 0;
  for (const float value : fit) sum += value;
  EXPECT_NEAR(sum, 1, 1e-4);
  EXPECT_GT(fit[static_cast<std::size_t>(PennTag::kVB)], 0.8F);
}

// The probabilities of a unit's tags are a distribution, for any bytes at all.
TEST(Tagger, TakesAnyBytes) {
  std::mt19937 random(7);
  const std::string_view pieces[] = {"the",      " ", "'", "\u2019s", "n't", "...",     "\xff",
                                     "\xe2\x80", "-", "4", "U.S.",    "\n",  "present", "\""};
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    const std::size_t length = random() % 40;
    for (std::size_t i = 0; i < length; ++i) {
      text += random() % 4 == 0 ? std::string(1, static_cast<char>(random() % 256))
                                : std::string(pieces[random() % std::size(pieces)]);
    }
    TaggedSentence sentence = TaggedSentence::of_text(text);
    Tagger::english().tag(sentence);
    for (std::size_t i = 0; i < sentence.size(); ++i) {
      ASSERT_GT(sentence[i].size, 0U);
      float sum = 0;
      for (const TagProbability& option : sentence.options(i)) sum += option.probability;
      ASSERT_NEAR(sum, 1, 1e-3) << text;
    }
  }
}

TEST(Tagger, TakesAMegabyteWithoutASpaceOrAStop) {
  for (const std::string_view piece : {"a", "a'", "9.", "'", "present ", "\u2019", "a."}) {
    std::string text;
    while (text.size() < 1'000'000) text += piece;
    TaggedSentence sentence = TaggedSentence::of_text(text);
    Tagger::english().tag(sentence);
    EXPECT_GT(sentence.size(), 0U) << piece;
  }
}

TEST(TaggerModel, RefusesDamagedFiles) {
  const auto whole = embedded_tagger_model();
  ASSERT_TRUE(TaggerModel::parse(whole).has_value());
  for (std::size_t size = 0; size < whole.size(); size += 9973) {
    const auto parsed = TaggerModel::parse(whole.first(size));
    ASSERT_FALSE(parsed.has_value()) << size;
    EXPECT_EQ(parsed.error().code, ErrorCode::kCorruptData);
  }
  std::mt19937 random(11);
  std::vector<std::uint8_t> bytes(whole.begin(), whole.end());
  for (int round = 0; round < 40; ++round) {
    std::vector<std::uint8_t> damaged = bytes;
    for (int i = 0; i < 5; ++i) {
      damaged[random() % damaged.size()] = static_cast<std::uint8_t>(random());
    }
    const auto parsed = TaggerModel::parse(damaged);  // Refused or read, but never a crash.
    if (parsed) {
      EXPECT_FALSE(parsed->word("the", WordShape::kLower).options.empty());
    }
  }
}

// The text of a line of sentences.jsonl; those that we tagged have plain ASCII.
std::string text_of(const std::string& line) {
  constexpr std::string_view kBefore = "{\"text\": \"";
  const std::size_t end = line.find("\", \"gt_normalized\"");
  return line.substr(kBefore.size(), end - kBefore.size());
}

// 728 units that we tagged by hand and never trained on. Measured: 93.0 %; most of the misses are
// capitalised words of titles. The bound leaves room for a retrained model, not for a broken one.
TEST(Tagger, TagsHeldOutSentencesRight) {
  SYRINX_NEED_DATA("text/google_tn/sentences.jsonl");
  std::ifstream file(support::data_path("text/google_tn/sentences.jsonl"));
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(text_of(line));
  std::ifstream gold(SYRINX_HELD_OUT_TAGS);
  std::size_t right = 0, total = 0;
  for (std::string line; std::getline(gold, line);) {
    if (line.starts_with('#')) continue;
    std::istringstream fields(line);
    std::size_t number = 0;
    fields >> number;
    TaggedSentence sentence = TaggedSentence::of_text(lines.at(number));
    Tagger::english().tag(sentence);
    std::size_t unit = 0;
    for (std::string tag; fields >> tag; ++unit) {
      ASSERT_LT(unit, sentence.size());
      right += name_of(sentence[unit].tag) == tag ? 1 : 0;
      ++total;
    }
    ASSERT_EQ(unit, sentence.size()) << lines[number];
  }
  EXPECT_EQ(total, 728U);
  const double accuracy = static_cast<double>(right) / static_cast<double>(total);
  RecordProperty("accuracy", std::to_string(accuracy));
  EXPECT_GE(accuracy, 0.92) << right << " of " << total;
}

}  // namespace
}  // namespace syrinx::text
