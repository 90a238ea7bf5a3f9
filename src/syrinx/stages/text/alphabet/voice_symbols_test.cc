// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/alphabet/voice_symbols.h"

#include <gtest/gtest.h>

namespace syrinx::text {
namespace {

TEST(KokoroIds, AreThoseOfTheNetworkWithTheFlapAsItWasTrained) {
  EXPECT_EQ(kokoro_ids("hˈO.").ids, (std::vector<std::int64_t>{50, 156, 31, 4}));
  EXPECT_EQ(kokoro_ids("ɾʔ").ids, kokoro_ids("Tt").ids);
}

TEST(KokoroIds, WhatTheNetworkDoesNotKnowIsDroppedAndNamed) {
  const KokoroIds made = kokoro_ids("bn\u0329\xFFt");
  EXPECT_EQ(made.ids, (std::vector<std::int64_t>{44, 56, 62}));
  EXPECT_EQ(made.begins, (std::vector<std::size_t>{0, 1, 5}));
  EXPECT_EQ(made.dropped, (std::vector<std::string>{"\u0329", "\xFF"}));
}

TEST(KokoroIds, ACharacterOutsideTheVocabularyHasNoId) {
  EXPECT_EQ(kokoro_id(U'a'), 43);
  EXPECT_EQ(kokoro_id(U'ᵻ'), 177);
  EXPECT_EQ(kokoro_id(U'g'), std::nullopt);
  EXPECT_EQ(kokoro_id(0), std::nullopt);
  EXPECT_EQ(kokoro_id(0x10FFFF), std::nullopt);
}

TEST(PiperCodePoints, AreTheCanonicalDecomposition) {
  EXPECT_EQ(piper_code_points("ãç"), U"a\u0303c\u0327");
  EXPECT_EQ(piper_code_points("həlˈoʊ"), U"həlˈoʊ");
  EXPECT_EQ(piper_code_points("a\u0329\u0303"), U"a\u0329\u0303") << "below goes before above";
  EXPECT_EQ(piper_code_points("a\u0303\u0329"), U"a\u0329\u0303");
  EXPECT_EQ(piper_code_points("\xFF"), U"\uFFFD");
  EXPECT_EQ(piper_code_points(""), U"");
}

}  // namespace
}  // namespace syrinx::text
