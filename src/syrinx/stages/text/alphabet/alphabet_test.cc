// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/alphabet/alphabet.h"

#include <gtest/gtest.h>

#include <random>

#include "syrinx/core/base/limits.h"
#include "syrinx/stages/text/alphabet/characters.h"
#include "syrinx/stages/text/alphabet/ipa_letters.h"

namespace syrinx::text {
namespace {

std::string spelt(PhonemeSet set, std::string_view symbols) {
  const auto phonemes = parse_phonemes({set, std::string(symbols)});
  if (!phonemes) return phonemes.error().message;
  std::string out;
  for (const Phoneme& phoneme : *phonemes) {
    out += (out.empty() ? "" : " ") + phoneme.symbol +
           (phoneme.stress == 0 ? "" : std::to_string(phoneme.stress));
  }
  return out;
}

std::string converted(PhonemeSet from, std::string_view symbols, PhonemeSet to,
                      Dialect dialect = Dialect::kUs) {
  const auto made = convert({from, std::string(symbols)}, to, dialect);
  return made ? made->symbols : made.error().message;
}

constexpr PhonemeSet kArpabet = PhonemeSet::kArpabet;
constexpr PhonemeSet kIpa = PhonemeSet::kIpa;
constexpr PhonemeSet kKokoro = PhonemeSet::kKokoro;
constexpr PhonemeSet kXSampa = PhonemeSet::kXSampa;

TEST(Alphabet, ArpabetIsReadInAnyCaseWithItsStressDigits) {
  EXPECT_EQ(spelt(kArpabet, "HH AH0 L OW1"), "hh ah l ow1");
  EXPECT_EQ(spelt(kArpabet, " k ae1 - t er0 | OW2\n"), "k ae1 t er   ow2");
  EXPECT_EQ(spelt(kArpabet, ""), "");
}

TEST(Alphabet, IpaJoinsDiphthongsAffricatesAndTies) {
  EXPECT_EQ(spelt(kIpa, "həlˈoʊ"), "h ə l oʊ1");
  EXPECT_EQ(spelt(kIpa, "tʃ t͡ʃ ʧ"), "tʃ   tʃ   tʃ");
  EXPECT_EQ(spelt(kIpa, "kæts"), "k æ t s");
  EXPECT_EQ(spelt(kIpa, "t͡s"), "t͡s");
  EXPECT_EQ(spelt(kIpa, "aɪ̯ a.ɪ a͡ʊ"), "aɪ   a ɪ   aʊ");
  EXPECT_EQ(spelt(kIpa, "ə˞ɜ˞"), "ɚ ɝ");
}

TEST(Alphabet, StressGoesToTheVowelAfterTheMarkOrTheSyllabicConsonant) {
  EXPECT_EQ(spelt(kIpa, "ˈstɹɛŋθ"), "s t ɹ ɛ1 ŋ θ");
  EXPECT_EQ(spelt(kIpa, "ˌn̩ˈda"), "n̩2 d a1");
  EXPECT_EQ(spelt(kIpa, "ˈhm ˈa"), "h1 m   a1") << "a word without a vowel keeps its mark";
}

TEST(Alphabet, LengthAndDiacriticsStayWithTheirLetter) {
  EXPECT_EQ(spelt(kIpa, "fɑːðə"), "f ɑː ð ə");
  EXPECT_EQ(spelt(kIpa, "bɔ̃ʒuʁ"), "b ɔ̃ ʒ u ʁ");
  EXPECT_EQ(spelt(kIpa, "ã"), "a\u0303") << "one character is read as the letter and its mark";
  EXPECT_EQ(spelt(kIpa, "çç"), "ç ç");
  EXPECT_EQ(spelt(kIpa, "pʰɪt"), "pʰ ɪ t");
}

TEST(Alphabet, IpaAsPeopleTypeItIsUnderstood) {
  EXPECT_EQ(spelt(kIpa, "/'got/"), "ɡ o1 t");
  EXPECT_EQ(spelt(kIpa, "[ba:]"), "b aː");
  EXPECT_EQ(spelt(kIpa, "bʌtᵊn"), "b ʌ t n̩");
}

TEST(Alphabet, XSampaTakesTheLongestSymbol) {
  EXPECT_EQ(spelt(kXSampa, "pI\"kA:n"), "p I k A:1 n");
  EXPECT_EQ(spelt(kXSampa, "r\\r\\`r`"), "r\\ r\\` r`");
  EXPECT_EQ(spelt(kXSampa, "t_haU"), "t_h aU");
  EXPECT_EQ(spelt(kXSampa, "bVtn="), "b V t n_=");
}

TEST(Alphabet, KokorosLettersAreOnePhonemeEach) {
  EXPECT_EQ(spelt(kKokoro, "həlˈO"), "h ə l O1");
  EXPECT_EQ(spelt(kKokoro, "bˈʌʔᵊn"), "b ʌ1 ʔ ᵊ n");
  EXPECT_EQ(spelt(kKokoro, "hˈɑtʃˌɑt"), "h ɑ1 t ʃ ɑ2 t");
}

TEST(Alphabet, EachPhonemeKnowsWhereItWasWritten) {
  const auto phonemes = parse_phonemes({kIpa, "ˈt͡ʃaɪn"});
  ASSERT_TRUE(phonemes) << phonemes.error().message;
  ASSERT_EQ(phonemes->size(), 3u);
  EXPECT_EQ((*phonemes)[0].source, (SourceSpan{2, 7}));
  EXPECT_EQ((*phonemes)[1].source, (SourceSpan{7, 10}));
  EXPECT_EQ((*phonemes)[2].source, (SourceSpan{10, 11}));
}

TEST(Alphabet, ErrorsNameTheSymbolItsPlaceAndWhatWasExpected) {
  EXPECT_EQ(spelt(kIpa, "hə7o"),
            "character 3 of the pronunciation: '7' is not IPA; expected one of its symbols");
  EXPECT_EQ(spelt(kArpabet, "HH XX0"),
            "character 4 of the pronunciation: 'XX0' is not ARPABET; expected symbols with spaces "
            "between them, as in \"HH AH0 L OW1\"");
  EXPECT_NE(spelt(kArpabet, "K1 AE").find("'K1'"), std::string::npos)
      << "a consonant has no stress";
  EXPECT_NE(spelt(kIpa, "ːa").find("a letter before this mark"), std::string::npos);
  EXPECT_NE(spelt(kIpa, "aˈ").find("a phoneme after the stress mark"), std::string::npos);
  EXPECT_NE(spelt(kIpa, "t͡").find("a letter after the tie bar"), std::string::npos);
  EXPECT_NE(spelt(kXSampa, "a é").find("character 3"), std::string::npos);
  EXPECT_NE(spelt(kKokoro, "hˈɑ.").find("'.'"), std::string::npos);
  EXPECT_NE(spelt(kIpa, "a\xFF").find("character 2"), std::string::npos);
}

TEST(Alphabet, APronunciationBeyondTheLimitIsRefused) {
  const auto phonemes =
      parse_phonemes({kIpa, std::string(limits::kMaxPronunciationBytes + 1, 'a')});
  ASSERT_FALSE(phonemes);
  EXPECT_EQ(phonemes.error().code, ErrorCode::kLimitExceeded);
}

TEST(Alphabet, OneWordInEverySet) {
  EXPECT_EQ(converted(kArpabet, "HH AH0 L OW1", kIpa), "həlˈoʊ");
  EXPECT_EQ(converted(kArpabet, "HH AH0 L OW1", kKokoro), "həlˈO");
  EXPECT_EQ(converted(kArpabet, "HH AH0 L OW1", kXSampa), "h@l\"oU");
  EXPECT_EQ(converted(kKokoro, "həlˈO", kArpabet), "HH AH0 L OW1");
  EXPECT_EQ(converted(kXSampa, "h@\"l@U", kKokoro, Dialect::kGb), "həlˈQ");
  EXPECT_EQ(converted(kIpa, "həˈləʊ wɜːld", kKokoro), "həlˈO wɜɹld");
  EXPECT_EQ(converted(kIpa, "həˈləʊ wɜːld", kKokoro, Dialect::kGb), "həlˈQ wɜːld");
  EXPECT_EQ(converted(kIpa, "həˈloʊ ˈwɝld", kArpabet), "HH AH0 L OW1 | W ER1 L D");
}

TEST(Alphabet, RhoticVowelsComeAndGoWithTheirR) {
  EXPECT_EQ(converted(kArpabet, "B ER1 D", kKokoro), "bˈɜɹd");
  EXPECT_EQ(converted(kIpa, "bɜːɹd", kKokoro), "bɜɹd");
  EXPECT_EQ(converted(kKokoro, "bˈɜɹd", kArpabet), "B ER1 D");
  EXPECT_EQ(converted(kKokoro, "wˈɔɾəɹ", kArpabet), "W AO1 T ER0");
  EXPECT_EQ(converted(kKokoro, "əɹˈWnd", kArpabet), "AH0 R AW1 N D");
}

TEST(Alphabet, WhatASetLacksIsReplacedByTheNearest) {
  EXPECT_EQ(converted(kIpa, "bʌʔn̩", kArpabet), "B AH0 T AH0 N");
  EXPECT_EQ(converted(kIpa, "bʌʔn̩", kKokoro), "bʌʔᵊn");
  EXPECT_EQ(converted(kIpa, "lɔx", kArpabet), "L AO0 K");
  EXPECT_EQ(converted(kIpa, "lɔx", kKokoro), "lɔx") << "Kokoro has it";
  EXPECT_EQ(converted(kIpa, "ˈbædn̩", kXSampa), "b\"{dn_=");
  EXPECT_EQ(converted(kIpa, "t͡sʊk", kArpabet), "T S UH0 K");
  EXPECT_EQ(converted(kIpa, "p͡fɛɐ̯t", kKokoro), "pfɛət");
  EXPECT_NE(converted(kIpa, "ǃa", kArpabet).find("nothing near to 'ǃ'"), std::string::npos);
  EXPECT_NE(converted(kIpa, "ǃa", kKokoro).find("nothing near to 'ǃ'"), std::string::npos);
}

TEST(Alphabet, ArpabetBecomesBritishByRule) {
  const auto british = [](std::string_view arpabet) {
    return converted(kArpabet, arpabet, kKokoro, Dialect::kGb);
  };
  EXPECT_EQ(british("K AA1 R"), "kˈɑː");
  EXPECT_EQ(british("HH AE1 P IY0"), "hˈapi");
  EXPECT_EQ(british("B ER1 D"), "bˈɜːd");
  EXPECT_EQ(british("W AO1 T ER0"), "wˈɔːtə");
  EXPECT_EQ(british("F EH1 R"), "fˈɛː");
  EXPECT_EQ(british("N IH1 R"), "nˈɪə");
  EXPECT_EQ(british("G OW1"), "ɡˈQ");
  EXPECT_EQ(british("S T AA1 P"), "stˈɒp");
  EXPECT_EQ(british("R EH1 D"), "ɹˈɛd");
}

TEST(Alphabet, SetsAreFoundByTheNamesThatVendorsUse) {
  EXPECT_EQ(phoneme_set_named("IPA"), kIpa);
  EXPECT_EQ(phoneme_set_named("x-sampa"), kXSampa);
  EXPECT_EQ(phoneme_set_named("CMU-ARPABET"), kArpabet);
  EXPECT_EQ(phoneme_set_named("misaki"), kKokoro);
  EXPECT_EQ(phoneme_set_named("x-microsoft-ups"), std::nullopt);
  for (const PhonemeSet set : {kArpabet, kIpa, kKokoro, kXSampa}) {
    EXPECT_EQ(phoneme_set_named(name_of(set)), set);
  }
}

TEST(Alphabet, EveryLetterOfIpaGoesToXSampaAndBack) {
  for (const IpaCharacter& character : ipa_characters()) {
    const bool letter = character.kind == IpaKind::kVowel || character.kind == IpaKind::kConsonant;
    if (!letter || character.x_sampa.empty()) continue;
    const std::string ipa = utf8_of(character.code);
    EXPECT_EQ(converted(kXSampa, converted(kIpa, ipa, kXSampa), kIpa), ipa);
  }
}

// What every random string of symbols has to bear: to be read or refused, and, once written in the
// usual spelling, to be read as the same again.
void expect_stable(PhonemeSet set, const std::string& symbols) {
  const auto first = parse_phonemes({set, symbols});
  if (!first) {
    EXPECT_FALSE(first.error().message.empty());
    return;
  }
  const Pronunciation written = write_phonemes(set, *first);
  const auto second = parse_phonemes(written);
  ASSERT_TRUE(second) << symbols << " became " << written.symbols << ": " << second.error().message;
  ASSERT_EQ(first->size(), second->size()) << symbols << " became " << written.symbols;
  for (std::size_t i = 0; i < first->size(); ++i) {
    EXPECT_EQ((*first)[i].symbol, (*second)[i].symbol) << symbols << " / " << written.symbols;
  }
  for (const PhonemeSet to : {kArpabet, kIpa, kKokoro, kXSampa}) {
    for (const Dialect dialect : {Dialect::kUs, Dialect::kGb}) {
      const auto made = convert(written, to, dialect);
      if (!made) continue;
      EXPECT_TRUE(parse_phonemes(*made)) << symbols << " became " << made->symbols;
    }
  }
}

TEST(Alphabet, RandomSymbolsAreReadTheSameAfterWritingOrRefused) {
  std::mt19937 random(7);
  const auto all = ipa_characters();
  const std::string kokoro = "AIOQWYTʤʧᵊᵻɾbdfhijklmnpstuvwzæðŋɑɔəɛɜɡɪɹʃʊʌʒʔθˈˌː ";
  const auto kokoro_letters = characters_of(kokoro);
  for (int run = 0; run < 3'000; ++run) {
    std::string ipa, x_sampa, letters, bytes;
    for (std::size_t i = 0; i < 1 + random() % 8; ++i) {
      const IpaCharacter& character = all[random() % all.size()];
      append_utf8(ipa, character.code);
      x_sampa += character.x_sampa;
      append_utf8(letters, kokoro_letters[random() % kokoro_letters.size()].code);
      bytes += static_cast<char>(random() & 0xFF);
    }
    expect_stable(kIpa, ipa);
    expect_stable(kXSampa, x_sampa);
    expect_stable(kKokoro, letters);
    for (const PhonemeSet set : {kArpabet, kIpa, kKokoro, kXSampa}) expect_stable(set, bytes);
  }
}

}  // namespace
}  // namespace syrinx::text
