// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/lexicon/written_pronunciation.h"

#include <gtest/gtest.h>

namespace syrinx::text {
namespace {

std::string respelt(std::string_view text) {
  const auto said = respelling_to_arpabet(text);
  return said ? *said : said.error().message;
}

TEST(WrittenPronunciation, TellsTheAlphabetByItsLook) {
  EXPECT_EQ(parse_written_pronunciation("/kəˈkɑːɹoʊ/")->set, PhonemeSet::kIpa);
  EXPECT_EQ(parse_written_pronunciation("kəˈkɑːɹoʊ")->set, PhonemeSet::kIpa);
  const auto arpabet = parse_written_pronunciation(" K AH0 K AA1 R OW0 ");
  EXPECT_EQ(arpabet->set, PhonemeSet::kArpabet);
  EXPECT_EQ(arpabet->symbols, "K AH0 K AA1 R OW0");
  EXPECT_EQ(parse_written_pronunciation("kuh-KAH-roh")->symbols, "K AH0 K AA1 R OW0");
  EXPECT_EQ(parse_written_pronunciation("kəkˈɑɹO", "kokoro")->set, PhonemeSet::kKokoro);
}

TEST(WrittenPronunciation, SaysWhatItDidNotUnderstand) {
  EXPECT_NE(parse_written_pronunciation("").error().message.find("expected a pronunciation"),
            std::string::npos);
  EXPECT_NE(parse_written_pronunciation("a", "runes").error().message.find("no alphabet 'runes'"),
            std::string::npos);
  EXPECT_FALSE(parse_written_pronunciation("/həl#oʊ/").has_value());
  EXPECT_FALSE(parse_written_pronunciation("//").has_value());
}

TEST(Respelling, ReadsSyllablesWithStressInCapitals) {
  EXPECT_EQ(respelt("LEK-sih-kun"), "L EH1 K S IH0 K AH0 N");
  EXPECT_EQ(respelt("uh-MAYZ"), "AH0 M EY1 Z");
  EXPECT_EQ(respelt("TELL-uh-FOHN"), "T EH1 L AH0 F OW2 N");
  EXPECT_EQ(respelt("vizh-un"), "V IH1 ZH AH0 N");
  EXPECT_EQ(respelt("my"), "M AY1");
  EXPECT_EQ(respelt("yes"), "Y EH1 S");
  EXPECT_EQ(respelt("thingk"), "TH IH1 NG K");
  EXPECT_EQ(respelt("BUUK-shelf"), "B UH1 K SH EH0 L F");
  EXPECT_EQ(respelt("KWESS-chun"), "K W EH1 S CH AH0 N");
  EXPECT_EQ(respelt("fire-PLAYSS"), "F AY0 ER0 P L EY1 S");
}

TEST(Respelling, NamesTheSyllableThatHasNoOrSeveralVowels) {
  EXPECT_NE(respelt("kuh-KR-roh").find("'KR' has no vowel"), std::string::npos);
  EXPECT_NE(respelt("kakuro").find("'kakuro' has several vowels"), std::string::npos);
  EXPECT_NE(respelt("k4-roh").find("'k4' has a character"), std::string::npos);
  EXPECT_NE(respelt("kuh--roh").find("has no vowel"), std::string::npos);
}

}  // namespace
}  // namespace syrinx::text
