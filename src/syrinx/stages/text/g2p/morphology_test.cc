// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/g2p/morphology.h"

#include <gtest/gtest.h>

#include <map>

namespace syrinx::text {
namespace {

std::string look_up(std::string_view stem) {
  static const std::map<std::string, std::string, std::less<>> words = {
      {"play", "P L EY1"},           {"hope", "HH OW1 P"},
      {"hop", "HH AA1 P"},           {"try", "T R AY1"},
      {"church", "CH ER1 CH"},       {"want", "W AA1 N T"},
      {"simple", "S IH1 M P AH0 L"}, {"beautiful", "B Y UW1 T AH0 F AH0 L"},
      {"happy", "HH AE1 P IY0"},     {"they", "DH EY1"},
      {"fox", "F AA1 K S"}};
  const auto found = words.find(stem);
  return found == words.end() ? "" : found->second;
}

std::string said(std::string_view word, Affixes affixes = Affixes::kAll) {
  const auto made = word.find('\'') == std::string_view::npos
                        ? with_affix(word, look_up, affixes)
                        : with_apostrophe(word, look_up, affixes);
  return made ? made->symbols : "nothing";
}

TEST(Morphology, AddsPluralAndPastByTheSoundBefore) {
  EXPECT_EQ(said("plays"), "P L EY1 Z");
  EXPECT_EQ(said("hops"), "HH AA1 P S");
  EXPECT_EQ(said("churches"), "CH ER1 CH IH0 Z");
  EXPECT_EQ(said("tries"), "T R AY1 Z");
  EXPECT_EQ(said("played"), "P L EY1 D");
  EXPECT_EQ(said("hoped"), "HH OW1 P T");
  EXPECT_EQ(said("wanted"), "W AA1 N T IH0 D");
  EXPECT_EQ(said("tried"), "T R AY1 D");
}

TEST(Morphology, FindsTheStemThatLostAnEOrDoubledItsConsonant) {
  EXPECT_EQ(said("hoping"), "HH OW1 P IH0 NG");
  EXPECT_EQ(said("hopping"), "HH AA1 P IH0 NG");
  EXPECT_EQ(said("simply"), "S IH1 M P L IY0");
  EXPECT_EQ(said("beautifully"), "B Y UW1 T AH0 F AH0 L IY0");
  EXPECT_EQ(said("happiness"), "HH AE1 P IY0 N AH0 S");
}

TEST(Morphology, TakesUpToThreeAffixesAndSaysWhich) {
  EXPECT_EQ(said("unplayable"), "AH0 N P L EY1 AH0 B AH0 L");
  EXPECT_EQ(with_affix("hopelessness", look_up, Affixes::kAll)->parts,
            "stem 'hope', with -less, with -ness");
  EXPECT_EQ(said("nonsense"), "nothing");
  EXPECT_EQ(said("un"), "nothing");
  EXPECT_EQ(said("s"), "nothing");
}

TEST(Morphology, LeavesToTheModelWhatTheModelSaysBetter) {
  EXPECT_EQ(said("unplayed", Affixes::kBetterThanModel), "nothing");
  EXPECT_EQ(said("plays", Affixes::kBetterThanModel), "P L EY1 Z");
}

TEST(Morphology, SaysGenitivesAndContractions) {
  EXPECT_EQ(said("fox's"), "F AA1 K S IH0 Z");
  EXPECT_EQ(said("churches'"), "CH ER1 CH IH0 Z");
  EXPECT_EQ(said("they'll"), "DH EY1 AH0 L");
  EXPECT_EQ(said("they've"), "DH EY1 AH0 V");
  EXPECT_EQ(said("they'd"), "DH EY1 D");
  EXPECT_EQ(said("'s"), "nothing");
  EXPECT_EQ(said("'"), "nothing");
}

}  // namespace
}  // namespace syrinx::text
