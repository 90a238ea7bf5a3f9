// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/alphabet/voice_symbols.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "support/test_data.h"
#include "syrinx/core/base/json.h"
#include "syrinx/core/flow/characters.h"
#include "syrinx/stages/text/alphabet/alphabet.h"

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

TEST(EspeakSpelling, MakesVowelsAsLongAsEspeakWritesThem) {
  EXPECT_EQ(espeak_spelling("bˈɝd"), "bˈɜːd");
  EXPECT_EQ(espeak_spelling("sˈi"), "sˈiː");
  EXPECT_EQ(espeak_spelling("hˈæpi"), "hˈæpi");
  EXPECT_EQ(espeak_spelling("bˈɔɪ"), "bˈɔɪ");
  EXPECT_EQ(espeak_spelling("lˈɔ"), "lˈɔː");
  EXPECT_EQ(espeak_spelling("fˈɑːðɚ"), "fˈɑːðɚ");
}

TEST(EspeakSpelling, OfEveryEnglishPhonemeIsWhatPipersVoicesKnow) {
  SYRINX_NEED_DATA("models/piper_small/en_US-small-test.onnx.json");
  std::ifstream file(support::data_path("models/piper_small/en_US-small-test.onnx.json"));
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  const JsonValue json = parse_json(text).value();
  for (const char* phones :
       {"AA1 AE1 AH0 AH1 AO1 AW1 AY1 EH1 ER0 ER1 EY1 IH0 IH1 IY0 IY1 OW1 OY1 UH1 UW0 UW2",
        "B CH D DH F G HH JH K L M N NG P R S SH T TH V W Y Z ZH"}) {
    const auto ipa = convert({PhonemeSet::kArpabet, phones}, PhonemeSet::kIpa, Dialect::kUs);
    ASSERT_TRUE(ipa.has_value()) << ipa.error().message;
    for (const char32_t code : piper_code_points(espeak_spelling(ipa->symbols)))
      EXPECT_NE(json.find("phoneme_id_map")->find(utf8_of(code)), nullptr) << utf8_of(code);
  }
}

}  // namespace
}  // namespace syrinx::text
