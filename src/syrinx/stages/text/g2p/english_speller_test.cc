// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/g2p/english_speller.h"

#include <gtest/gtest.h>

#include <random>

#include "syrinx/stages/text/g2p/letter_names.h"
#include "syrinx/stages/text/lexicon/arpabet_names.h"

namespace syrinx::text {
namespace {

SpeltWord say(std::string_view word) { return EnglishSpeller::builtin().say(word); }

TEST(EnglishSpeller, KnowsDictionaryWordsAndSaysWhoDecided) {
  EXPECT_EQ(say("Through").symbols, "TH R UW1");
  EXPECT_EQ(say("colonel").symbols, "K ER1 N AH0 L");
  EXPECT_EQ(say("colonel").decided_by, "built-in words");
}

TEST(EnglishSpeller, UsesStemsForWordsThatNobodyTaughtIt) {
  EXPECT_EQ(say("colonellessness").decided_by,
            "morphology: stem 'colonel', with -less, with -ness");
  EXPECT_EQ(say("smorfle's").decided_by, "fallback model");
}

TEST(EnglishSpeller, SpellsAcronymsAndSaysOtherCapitals) {
  EXPECT_EQ(say("GDPR").symbols, "JH IY2 D IY2 P IY2 AA1 R");
  EXPECT_EQ(say("xml").symbols, "EH2 K S EH2 M EH1 L");
  EXPECT_EQ(say("JSON").decided_by, "letter by letter");
  EXPECT_EQ(say("FLARBO").decided_by, "fallback model");
  EXPECT_EQ(say("NASA").symbols, "N AE1 S AH0");
}

TEST(EnglishSpeller, SaysWhatIsJoinedPartByPart) {
  EXPECT_EQ(say("river-bank").symbols, "R IH1 V ER0 B AE1 NG K");
  EXPECT_EQ(say("BankRiver").symbols, "B AE1 NG K R IH1 V ER0");
  EXPECT_EQ(say("river7").symbols, "R IH1 V ER0 S EH1 V AH0 N");
  EXPECT_EQ(say("42").symbols, "F AO2 R T UW1");
  EXPECT_EQ(say("").symbols, "");
  EXPECT_EQ(say("--").symbols, "");
}

TEST(EnglishSpeller, SpellsWhatIsTooLongToBeAWord) {
  const std::string word(500, 'a');
  EXPECT_EQ(say(word).symbols, letter_names(word));
}

TEST(LetterNames, StressTheLast) {
  EXPECT_EQ(letter_names("fbi"), "EH2 F B IY2 AY1");
  EXPECT_EQ(letter_names("W"), "D AH1 B AH0 L Y UW0");
  EXPECT_EQ(letter_names("?"), "");
}

// Every word with a letter or a digit is said, in ARPABET.
TEST(EnglishSpeller, SaysSomethingForAnyBytesWithALetter) {
  std::mt19937 random(9);
  constexpr std::string_view kBytes = "abcdeiostXYZ019'-./_\xC3\xA9\xFF ";
  for (int run = 0; run < 20'000; ++run) {
    std::string word;
    for (auto bytes = random() % 14; bytes > 0; --bytes) word += kBytes[random() % kBytes.size()];
    const SpeltWord spelt = say(word);
    EXPECT_EQ(first_unknown_arpabet(spelt.symbols), "") << word;
    const bool has_letter = word.find_first_of("abcdeiostXYZ019") != std::string::npos;
    EXPECT_EQ(!spelt.symbols.empty(), has_letter) << word << " " << spelt.symbols;
  }
}

}  // namespace
}  // namespace syrinx::text
