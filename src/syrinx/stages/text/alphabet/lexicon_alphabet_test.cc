// SPDX-License-Identifier: Apache-2.0
// The alphabets against the lexicons and the vocabulary that the world has.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "support/test_data.h"
#include "syrinx/core/base/json.h"
#include "syrinx/stages/text/alphabet/alphabet.h"
#include "syrinx/stages/text/alphabet/characters.h"
#include "syrinx/stages/text/alphabet/voice_symbols.h"

namespace syrinx::text {
namespace {

std::string read_text(const std::string& relative) {
  std::ifstream file(support::data_path(relative), std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

using Readings = std::vector<std::string>;

// The pronunciations of a misaki lexicon by word.
std::map<std::string, Readings> read_misaki(const std::string& relative) {
  std::map<std::string, Readings> words;
  const auto document = parse_json(read_text(relative));
  if (!document) return words;
  for (const JsonMember& member : *document->object()) {
    if (const std::string* one = member.value.text()) words[member.key].push_back(*one);
    if (const auto* several = member.value.object()) {
      for (const JsonMember& reading : *several) {
        if (const std::string* one = reading.value.text()) words[member.key].push_back(*one);
      }
    }
  }
  return words;
}

// Everything that is said in the lexicon is read, written the same, and comes back from IPA and
// X-SAMPA as it was.
void expect_lexicon_survives(const std::string& relative, Dialect dialect) {
  const auto words = read_misaki(relative);
  ASSERT_GT(words.size(), 80'000u);
  std::size_t count = 0;
  for (const auto& [word, readings] : words) {
    if (count++ % 5 != 0) continue;  // Every fifth word: 17,000 of each.
    for (const std::string& reading : readings) {
      const Pronunciation kokoro{PhonemeSet::kKokoro, reading};
      for (const PhonemeSet set : {PhonemeSet::kKokoro, PhonemeSet::kIpa, PhonemeSet::kXSampa}) {
        const auto there = convert(kokoro, set, dialect);
        ASSERT_TRUE(there) << word << ": " << there.error().message;
        const auto back = convert(*there, PhonemeSet::kKokoro, dialect);
        ASSERT_TRUE(back) << word << ": " << back.error().message;
        EXPECT_EQ(back->symbols, reading) << word << " by " << there->symbols;
      }
      EXPECT_TRUE(convert(kokoro, PhonemeSet::kArpabet, dialect)) << word;
      EXPECT_TRUE(kokoro_ids(reading).dropped.empty()) << word;
    }
  }
}

TEST(LexiconAlphabet, AmericanMisakiIsReadAndComesBackFromIpaAndXSampa) {
  SYRINX_NEED_DATA("text/misaki/us_gold.json");
  expect_lexicon_survives("text/misaki/us_gold.json", Dialect::kUs);
}

TEST(LexiconAlphabet, BritishMisakiIsReadAndComesBackFromIpaAndXSampa) {
  SYRINX_NEED_DATA("text/misaki/gb_gold.json");
  expect_lexicon_survives("text/misaki/gb_gold.json", Dialect::kGb);
}

TEST(LexiconAlphabet, KokorosVocabularyIsThatOfItsConfiguration) {
  SYRINX_NEED_DATA("models/kokoro_voices/config.json");
  const auto document = parse_json(read_text("models/kokoro_voices/config.json"));
  ASSERT_TRUE(document);
  const auto* vocabulary = document->find("vocab")->object();
  EXPECT_EQ(vocabulary->size(), 114u);
  for (const JsonMember& symbol : *vocabulary) {
    EXPECT_EQ(kokoro_id(characters_of(symbol.key)[0].code), symbol.value.count()) << symbol.key;
  }
  std::size_t known = 0;
  for (char32_t code = 0; code < 0x10000; ++code) known += kokoro_id(code) ? 1 : 0;
  EXPECT_EQ(known, vocabulary->size());
}

// The words of a CMU dictionary, first readings only.
std::map<std::string, std::string> read_cmu(const std::string& relative) {
  std::ifstream file(support::data_path(relative));
  std::map<std::string, std::string> words;
  for (std::string line; std::getline(file, line);) {
    const std::size_t space = line.find(' ');
    if (space == std::string::npos || line[0] == ';') continue;
    const std::string word = line.substr(0, space);
    if (word.back() != ')') words[word] = line.substr(space + 1, line.find(" #") - space - 1);
  }
  return words;
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
}

// What the two dictionaries write differently for the same sound: misaki marks flaps, glottal stops
// and hardly spoken vowels, which ARPABET cannot, and they choose between weak vowels, low back
// vowels and secondary stresses differently.
std::string without_fine_differences(std::string kokoro) {
  for (const auto& [fine, plain] :
       std::initializer_list<std::pair<const char*, const char*>>{{"ˈ", ""},
                                                                  {"ˌ", ""},
                                                                  {"ɾ", "t"},
                                                                  {"ʔ", "t"},
                                                                  {"ᵊ", "ə"},
                                                                  {"ᵻ", "ə"},
                                                                  {"ɪ", "ə"},
                                                                  {"ʌ", "ə"},
                                                                  {"i", "ə"},
                                                                  {"ɔ", "ɑ"},
                                                                  {"ɜ", "ə"},
                                                                  {"əə", "ə"}}) {
    replace_all(kokoro, fine, plain);
  }
  return kokoro;
}

struct Agreement {
  std::size_t words = 0;
  std::size_t exact = 0;
  std::size_t but_for_fine = 0;
};

Agreement agreement(const std::string& lexicon, Dialect dialect) {
  const auto misaki = read_misaki(lexicon);
  Agreement tally;
  std::size_t count = 0;
  for (const auto& [word, arpabet] : read_cmu("text/cmudict/cmudict.dict")) {
    const auto found = misaki.find(word);
    if (found == misaki.end() || count++ % 20 != 0) continue;
    const auto made = convert({PhonemeSet::kArpabet, arpabet}, PhonemeSet::kKokoro, dialect);
    EXPECT_TRUE(made) << word << ": " << made.error().message;
    if (!made) continue;
    ++tally.words;
    const Readings& readings = found->second;
    const auto same = [&](auto&& shaped) {
      return std::any_of(readings.begin(), readings.end(), [&](const std::string& reading) {
        return shaped(reading) == shaped(made->symbols);
      });
    };
    tally.exact += same([](const std::string& x) { return x; }) ? 1 : 0;
    tally.but_for_fine += same(without_fine_differences) ? 1 : 0;
  }
  return tally;
}

TEST(LexiconAlphabet, CmuInKokorosAlphabetAgreesWithMisakiUpToWhatArpabetCannotSay) {
  SYRINX_NEED_DATA("text/cmudict/cmudict.dict");
  SYRINX_NEED_DATA("text/misaki/us_gold.json");
  const Agreement us = agreement("text/misaki/us_gold.json", Dialect::kUs);
  const Agreement gb = agreement("text/misaki/gb_gold.json", Dialect::kGb);
  for (const Agreement* tally : {&us, &gb}) {
    std::cout << (tally == &us ? "US: " : "GB: ") << tally->words << " words, exactly the same "
              << 100.0 * static_cast<double>(tally->exact) / static_cast<double>(tally->words)
              << " %, but for what ARPABET cannot say or the dictionaries weigh differently "
              << 100.0 * static_cast<double>(tally->but_for_fine) /
                     static_cast<double>(tally->words)
              << " %\n";
  }
  ASSERT_GT(us.words, 1'000u);
  ASSERT_GT(gb.words, 1'000u);
  EXPECT_GT(us.but_for_fine * 100, us.words * 85);
}

}  // namespace
}  // namespace syrinx::text
