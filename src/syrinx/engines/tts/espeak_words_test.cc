// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/tts/espeak_words.h"

#include <gtest/gtest.h>

#include "support/need_espeak.h"
#include "syrinx/engines/tts/text_reader.h"

namespace syrinx::tts {
namespace {

using Groups = std::vector<std::size_t>;

TEST(MatchGroups, GoOneToOneWhereThereAreAsManyOfBoth) {
  EXPECT_EQ(match_groups({"a", "b"}, {"x", "y"}), (Groups{0, 1}));
}

TEST(MatchGroups, FindWordsThatAreSaidAsOne) {
  EXPECT_EQ(match_groups({"wʌn", "ʌv", "ðə", "bɛst"}, {"wʌn", "ʌvðə", "bɛst"}), (Groups{0, 1, 3}));
  EXPECT_EQ(match_groups({"ʌv", "ðə", "bɛst"}, {"ʌvðə", "bɛst"}), (Groups{0, 2}));
}

TEST(MatchGroups, FindWordsThatAreSaidAsSeveral) {
  EXPECT_EQ(match_groups({"ðə", "ɛfbiaɪ", "sɛd"}, {"ðə", "ɛf", "biː", "aɪ", "sɛd"}),
            (Groups{0, 1, 1, 1, 2}));
}

TEST(MatchGroups, SurviveMoreThanCanBeTogether) {
  EXPECT_EQ(match_groups({"a"}, std::vector<std::string>(9, "b")), Groups(9, 0));
  EXPECT_TRUE(match_groups({"a"}, {}).empty());
}

ReadSentence read(const std::string& line) {
  TextOptions options;
  options.phonemes = PhonemeSet::kIpa;
  return TextFrontEnd::create(options).value().read_line(line);
}

std::vector<std::string> said(const std::vector<SpokenToken>& tokens) {
  std::vector<std::string> all;
  for (const SpokenToken& token : tokens) {
    for (const SpokenWord& word : token.words)
      all.push_back(word.pronunciation ? word.pronunciation->symbols : "?");
  }
  return all;
}

TEST(EspeakWords, GetWhatEspeakSaysOfTheSentenceAndTheAuthorsOwnStay) {
  SYRINX_NEED_ESPEAK();
  const auto espeak = text::Espeak::load();
  ReadSentence sentence = read("It was one of the best, for $5.");
  ASSERT_TRUE(pronounce_by_espeak(**espeak, "en-us", sentence.tokens).has_value());
  EXPECT_EQ(said(sentence.tokens), (std::vector<std::string>{"ɪt", "wʌz", "wˈʌn", "ʌvðə", "",
                                                             "bˈɛst", "fɔːɹ", "fˈaɪv", "dˈɑːlɚz"}));
  ReadSentence marked = read("Say [tomato](/təmˈɑːtəʊ/) now.");
  ASSERT_TRUE(pronounce_by_espeak(**espeak, "en-us", marked.tokens).has_value());
  EXPECT_EQ(said(marked.tokens)[1], "təmˈɑːtəʊ");
  EXPECT_EQ(said(marked.tokens)[2], "nˈaʊ");
}

TEST(EspeakWords, KeepOurLettersAndHomographsInEspeaksSpelling) {
  SYRINX_NEED_ESPEAK();
  const auto espeak = text::Espeak::load();
  ReadSentence letters = read("The AAA.");
  ASSERT_TRUE(pronounce_by_espeak(**espeak, "en-us", letters.tokens).has_value());
  for (const SpokenToken& token : letters.tokens) {
    for (const SpokenWord& word : token.words) {
      if (word.is_letter_name) {
        EXPECT_TRUE(word.pronunciation->symbols.ends_with("eɪ")) << word.pronunciation->symbols;
      }
    }
  }
  ReadSentence homograph = read("She read the book yesterday.");
  ASSERT_TRUE(pronounce_by_espeak(**espeak, "en-us", homograph.tokens).has_value());
  EXPECT_EQ(said(homograph.tokens)[1], "ɹˈɛd");
}

TEST(EspeakWords, LeaveAllAsItWasWhenTheVoiceIsNotThere) {
  SYRINX_NEED_ESPEAK();
  const auto espeak = text::Espeak::load();
  ReadSentence sentence = read("Hello.");
  const auto before = said(sentence.tokens);
  EXPECT_EQ(pronounce_by_espeak(**espeak, "tlh-nonsense", sentence.tokens).error().code,
            ErrorCode::kNotFound);
  EXPECT_EQ(said(sentence.tokens), before);
}

}  // namespace
}  // namespace syrinx::tts
