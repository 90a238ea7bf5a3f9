// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/g2p/misaki_rules.h"

#include <gtest/gtest.h>

#include "syrinx/stages/text/g2p/kokoro_letters.h"

namespace syrinx::text {
namespace {

MisakiRules rules(bool is_british = false) {
  auto gold = Lexicon::parse(
      R"({"A": "ˈA", "B": "bˈi", "F": "ˈɛf", "I": "ˈI", "S": "ˈɛs", "U": "jˈu",
          "am": "æm", "to": "tˈu", "want": "wˈɑnt", "wait": "wˈAt", "church": "ʧˈɜɹʧ",
          "versus": "vˈɜɹsəs", "play": "plˈA", "hope": "hˈOp", "stop": "stˈɑp",
          "used": {"DEFAULT": "jˈuzd", "VBD": "jˈust"}, "can": {"DEFAULT": "kæn", "None": "kˈæn"},
          "AD": {"DEFAULT": "ˈæd", "NOUN": null}, "Polish": "pˈOlɪʃ", "polish": "pˈɑlɪʃ",
          "with": "wɪð", "D": "dˈi", "try": "tɹˈI"})",
      "us_gold.json");
  auto silver = Lexicon::parse(R"({"zork": "zˈɔɹk"})", "us_silver.json");
  return {std::make_shared<const Lexicon>(std::move(gold).value()),
          std::make_shared<const Lexicon>(std::move(silver).value()), is_british};
}

std::string say(std::string_view word, std::string_view tag = "NN",
                std::optional<bool> next = false, bool next_is_to = false, bool british = false) {
  const auto answer = rules(british).say({word, tag, stress_of_case(word), {next, next_is_to}});
  return answer ? utf8_of(answer->symbols) : "nothing";
}

TEST(MisakiRules, FitSmallWordsToWhatFollows) {
  EXPECT_EQ(say("the", "DT", true), "ði");
  EXPECT_EQ(say("the", "DT", false), "ðə");
  EXPECT_EQ(say("to", "TO", true), "tʊ");
  EXPECT_EQ(say("to", "TO", false), "tə");
  EXPECT_EQ(say("to", "TO", std::nullopt), "tˈu");
  EXPECT_EQ(say("in", "IN", false), "ɪn");
  EXPECT_EQ(say("in", "RP", false), "ˈɪn");
  EXPECT_EQ(say("a", "DT"), "ɐ");
  EXPECT_EQ(say("A", "NN"), "ˈA");
  EXPECT_EQ(say("an", "DT"), "ɐn");
  EXPECT_EQ(say("am", "VBP", false), "ɐm");
  EXPECT_EQ(say("am", "VBP", std::nullopt), "æm");
  EXPECT_EQ(say("I", "PRP"), "ˌI");
  EXPECT_EQ(say("used", "VBD", false, true), "jˈust");
  EXPECT_EQ(say("used", "VBD", false, false), "jˈuzd");
  EXPECT_EQ(say("vs.", "IN"), "vˈɜɹsəs");
}

TEST(MisakiRules, TakeTheReadingThatEndsAPhrase) {
  EXPECT_EQ(say("can", "MD", false), "kæn");
  EXPECT_EQ(say("can", "MD", std::nullopt), "kˈæn");
}

TEST(MisakiRules, StressByLetterCase) {
  EXPECT_EQ(say("With", "IN"), "wˌɪð");
  EXPECT_EQ(say("WITH", "IN"), "wˈɪð");
  EXPECT_EQ(say("with", "IN"), "wɪð");
}

TEST(MisakiRules, SpellWhatIsSpelt) {
  EXPECT_EQ(say("FBI", "NNP"), "ˌɛfbˌiˈI");
  EXPECT_EQ(say("AD", "NN"), "ˌAdˈi");
  EXPECT_EQ(say("AD", "VB"), "ˈæd");
  EXPECT_EQ(say("U.S.", "NNP"), "jˌuˈɛs");
}

TEST(MisakiRules, AddEndingsToStems) {
  EXPECT_EQ(say("plays"), "plˈAz");
  EXPECT_EQ(say("churches"), "ʧˈɜɹʧᵻz");
  EXPECT_EQ(say("tries"), "tɹˈIz");
  EXPECT_EQ(say("waited", "VBD"), "wˈAɾᵻd");
  EXPECT_EQ(say("waited", "VBD", false, false, true), "wˈAtɪd");
  EXPECT_EQ(say("hoped", "VBD"), "hˈOpt");
  EXPECT_EQ(say("stopping", "VBG"), "stˈɑpɪŋ");
  EXPECT_EQ(say("waiting", "VBG"), "wˈAɾɪŋ");
  EXPECT_EQ(say("play's"), "plˈAz");
  EXPECT_EQ(say("ZORKS"), "zˈɔɹks");
  EXPECT_EQ(say("snorkel"), "nothing");
}

TEST(MisakiRules, ReadListedWordsInOtherCaseUnlessBothAreListed) {
  EXPECT_EQ(say("Polish", "JJ"), "pˈOlɪʃ");
  EXPECT_EQ(say("polish", "VB"), "pˈɑlɪʃ");
  EXPECT_EQ(say("Zork", "NN"), "zˈɔɹk");
}

}  // namespace
}  // namespace syrinx::text
