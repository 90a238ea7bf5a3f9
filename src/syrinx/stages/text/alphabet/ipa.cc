// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/alphabet/ipa.h"

#include <unicode/unorm2.h>

#include <optional>

#include "syrinx/stages/text/alphabet/alphabet.h"
#include "syrinx/stages/text/alphabet/characters.h"
#include "syrinx/stages/text/alphabet/grouping.h"

namespace syrinx::text {
namespace {

std::optional<IpaKind> kind_of(char32_t code) {
  const IpaCharacter* found = find_ipa(code);
  return found == nullptr ? std::nullopt : std::optional(found->kind);
}

constexpr LetterGrammar kIpaGrammar{"IPA", kind_of, true};

// What people write for another character, and letters that stand for two.
struct Respelling {
  char32_t written;
  std::u32string_view meant;
};
constexpr Respelling kRespellings[] = {
    {U'g', U"ɡ"},        {U':', U"ː"},        {U'\'', U"ˈ"},          {U'’', U"ˈ"},
    {U'\t', U" "},       {U'\n', U" "},       {U'\r', U" "},          {U'\u00A0', U" "},
    {U'ʧ', U"t\u0361ʃ"}, {U'ʤ', U"d\u0361ʒ"}, {U'ʦ', U"t\u0361s"},    {U'ʣ', U"d\u0361z"},
    {U'ʨ', U"t\u0361ɕ"}, {U'ʥ', U"d\u0361ʑ"}, {U'\u030D', U"\u0329"}, {U'\u0311', U"\u032F"},
    {U'ɩ', U"ɪ"},        {U'ɷ', U"ʊ"},        {U'ε', U"ɛ"},           {U'ǝ', U"ə"},
    {U'ʼ', U"ʼ"}};

const Respelling* find_respelling(char32_t code) {
  for (const Respelling& respelling : kRespellings) {
    if (respelling.written == code) return &respelling;
  }
  return nullptr;
}

// "ã" is "a" and a tilde; "ç" is a letter of its own.
std::u32string decomposed(char32_t code) {
  if (code < 0x80 || kind_of(code)) return {code};
  UErrorCode status = U_ZERO_ERROR;
  const UNormalizer2* nfd = unorm2_getNFDInstance(&status);
  if (U_FAILURE(status)) return {code};
  UChar units[16];
  const int length = unorm2_getDecomposition(nfd, static_cast<UChar32>(code), units, 16, &status);
  if (length <= 0 || U_FAILURE(status)) return {code};
  return {units, units + length};  // Letters with marks are all below U+10000.
}

std::vector<Character> spelt_out(const std::vector<Character>& written) {
  std::vector<Character> characters;
  characters.reserve(written.size());
  for (const Character& character : written) {
    const Respelling* respelling = find_respelling(character.code);
    const std::u32string meant =
        respelling == nullptr ? decomposed(character.code) : std::u32string(respelling->meant);
    for (const char32_t code : meant) {
      if (code == U'\u0327' && !characters.empty() && characters.back().code == U'c') {
        characters.back() = {U'ç', {characters.back().source.begin, character.source.end}};
      } else {
        characters.push_back({code, character.source});
      }
    }
  }
  return characters;
}

// "/həlˈoʊ/" and "[həlˈoʊ]": how dictionaries show that IPA follows.
void drop_delimiters(std::vector<Character>& characters) {
  if (characters.size() < 2) return;
  const char32_t first = characters.front().code;
  const char32_t last = characters.back().code;
  if (!(first == U'/' && last == U'/') && !(first == U'[' && last == U']')) return;
  characters.pop_back();
  characters.erase(characters.begin());
}

}  // namespace

Result<std::vector<Phoneme>> read_ipa(std::string_view symbols) {
  std::vector<Character> characters = characters_of(symbols);
  drop_delimiters(characters);
  return group_letters(spelt_out(characters), symbols, kIpaGrammar);
}

std::string write_ipa(const std::vector<Phoneme>& phonemes) {
  std::string out;
  const Phoneme* before = nullptr;
  for (const Phoneme& phoneme : phonemes) {
    if (phoneme.stress != 0) {
      out += phoneme.stress == 1 ? "ˈ" : "ˌ";
    } else if (before != nullptr && would_join(before->symbol, phoneme.symbol)) {
      out += ".";
    }
    out += phoneme.symbol;
    before = &phoneme;
  }
  return out;
}

}  // namespace syrinx::text
