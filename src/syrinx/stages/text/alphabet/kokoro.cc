// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/alphabet/kokoro.h"

#include <optional>

#include "syrinx/stages/text/alphabet/characters.h"
#include "syrinx/stages/text/alphabet/grouping.h"
#include "syrinx/stages/text/alphabet/nearest.h"
#include "syrinx/stages/text/alphabet/voice_symbols.h"

namespace syrinx::text {
namespace {

constexpr std::string_view kBarely = "ᵊ";
constexpr std::string_view kLong = "ː";
constexpr std::string_view kSyllabic = "\u0329";

// Letters that are Kokoro's own, and IPA for them.
struct OwnLetter {
  char32_t code;
  IpaKind kind;
  std::string_view ipa;
};
constexpr OwnLetter kOwnLetters[] = {
    {U'A', IpaKind::kVowel, "eɪ"},     {U'I', IpaKind::kVowel, "aɪ"},
    {U'W', IpaKind::kVowel, "aʊ"},     {U'Y', IpaKind::kVowel, "ɔɪ"},
    {U'O', IpaKind::kVowel, "oʊ"},     {U'Q', IpaKind::kVowel, "əʊ"},
    {U'ᵊ', IpaKind::kVowel, "ə"},      {U'T', IpaKind::kConsonant, "ɾ"},
    {U'ʤ', IpaKind::kConsonant, "dʒ"}, {U'ʧ', IpaKind::kConsonant, "tʃ"},
    {U'ʣ', IpaKind::kConsonant, "d͡z"}, {U'ʥ', IpaKind::kConsonant, "d͡ʑ"},
    {U'ʦ', IpaKind::kConsonant, "t͡s"}, {U'ʨ', IpaKind::kConsonant, "t͡ɕ"},
};

const OwnLetter* find_own(char32_t code) {
  for (const OwnLetter& letter : kOwnLetters) {
    if (letter.code == code) return &letter;
  }
  return nullptr;
}

std::optional<IpaKind> kind_of(char32_t code) {
  if (const OwnLetter* own = find_own(code)) return own->kind;
  const IpaCharacter* ipa = find_ipa(code);
  if (ipa == nullptr || !kokoro_id(code) || ipa->kind == IpaKind::kSilent) return std::nullopt;
  return ipa->kind;
}

constexpr LetterGrammar kKokoroGrammar{"Kokoro's alphabet", kind_of, false};

}  // namespace

Result<std::vector<Phoneme>> read_kokoro(std::string_view symbols) {
  std::vector<Character> characters = characters_of(symbols);
  for (Character& character : characters) {
    if (character.code == U'g') character.code = U'ɡ';
  }
  return group_letters(characters, symbols, kKokoroGrammar);
}

std::string write_kokoro(const std::vector<Phoneme>& phonemes) {
  std::string out;
  for (const Phoneme& phoneme : phonemes) {
    if (phoneme.stress != 0) out += phoneme.stress == 1 ? "ˈ" : "ˌ";
    out += phoneme.symbol;
  }
  return out;
}

namespace {

bool may_be_syllabic(std::string_view consonant) {
  return consonant == "l" || consonant == "m" || consonant == "n" || consonant == "ŋ" ||
         consonant == "ɹ";
}

std::string ipa_of(std::string_view symbol) {
  std::string ipa;
  for (const Character& character : characters_of(symbol)) {
    const OwnLetter* own = find_own(character.code);
    ipa += own == nullptr ? utf8_of(character.code) : std::string(own->ipa);
  }
  return ipa;
}

}  // namespace

std::vector<Phoneme> kokoro_to_ipa(const std::vector<Phoneme>& phonemes) {
  std::vector<Phoneme> ipa;
  for (std::size_t i = 0; i < phonemes.size(); ++i) {
    Phoneme phoneme = phonemes[i];
    const bool before_consonant = i + 1 < phonemes.size() && phonemes[i + 1].stress == 0 &&
                                  may_be_syllabic(phonemes[i + 1].symbol);
    if (phoneme.symbol == kBarely && before_consonant) {
      ++i;
      phoneme.symbol = phonemes[i].symbol + std::string(kSyllabic);
      phoneme.source.end = phonemes[i].source.end;
    } else {
      phoneme.symbol = ipa_of(phoneme.symbol);
    }
    ipa.push_back(std::move(phoneme));
  }
  return ipa;
}

namespace {

std::string_view column(const NearestSound& row, Dialect dialect) {
  const std::string_view own = dialect == Dialect::kUs ? row.kokoro_us : row.kokoro_gb;
  return own.empty() ? row.ipa : own;
}

// Marks that the network knows stay; American vowels have no length.
bool keeps_mark(char32_t code, Dialect dialect) {
  return kokoro_id(code).has_value() && !(code == U'ː' && dialect == Dialect::kUs);
}

bool is_known(std::string_view symbols) {
  for (const Character& character : characters_of(symbols)) {
    if (!kokoro_id(character.code)) return false;
  }
  return true;
}

// What a phoneme is without its marks, if that has a row or is known as it is.
std::optional<std::string> letters_of(std::string_view ipa, Dialect dialect) {
  if (const NearestSound* row = find_nearest(ipa)) return std::string(column(*row, dialect));
  if (characters_of(ipa).size() == 1 && is_known(ipa)) return std::string(ipa);
  return std::nullopt;
}

Result<std::string> kokoro_of(std::string_view ipa, Dialect dialect) {
  if (auto whole = letters_of(ipa, dialect)) return *std::move(whole);
  std::string letters;
  std::string marks;
  for (const Character& character : characters_of(ipa)) {
    const IpaCharacter* found = find_ipa(character.code);
    if (found != nullptr && found->kind == IpaKind::kModifier) {
      if (keeps_mark(character.code, dialect)) append_utf8(marks, character.code);
    } else {
      append_utf8(letters, character.code);
    }
  }
  std::string out = ipa.find(kSyllabic) != std::string_view::npos ? std::string(kBarely) : "";
  if (auto whole = letters_of(letters, dialect)) {
    out += *whole;
  } else {
    for (const Character& character : characters_of(letters)) {
      const IpaCharacter* found = find_ipa(character.code);
      if (found != nullptr && found->kind == IpaKind::kTie) continue;
      const auto one = letters_of(utf8_of(character.code), dialect);
      if (!one)
        return make_error(ErrorCode::kUnsupported, "Kokoro's alphabet has nothing near to '", ipa,
                          "' of IPA");
      out += *one;
    }
  }
  const bool is_long_already = marks == kLong && out.ends_with(kLong);
  return is_long_already ? out : out + marks;
}

}  // namespace

Result<std::vector<Phoneme>> ipa_to_kokoro(const std::vector<Phoneme>& phonemes, Dialect dialect) {
  std::vector<Phoneme> kokoro = phonemes;
  for (std::size_t i = 0; i < kokoro.size(); ++i) {
    Phoneme& phoneme = kokoro[i];
    if (phoneme.symbol == kWordBoundary) continue;
    SYRINX_ASSIGN(phoneme.symbol, kokoro_of(phonemes[i].symbol, dialect));
    // The "ɹ" that a vowel brings and the one that is written after it ("bɜːɹd") are one.
    const bool brings_r = phoneme.symbol.ends_with("ɹ") && phoneme.symbol != "ɹ" &&
                          phonemes[i].symbol.find("ɹ") == std::string::npos;
    if (brings_r && i + 1 < phonemes.size() && phonemes[i + 1].symbol == "ɹ")
      phoneme.symbol.resize(phoneme.symbol.size() - std::string_view("ɹ").size());
  }
  return kokoro;
}

}  // namespace syrinx::text
