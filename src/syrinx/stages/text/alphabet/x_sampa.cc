// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>

#include "syrinx/stages/text/alphabet/alphabet.h"
#include "syrinx/stages/text/alphabet/characters.h"
#include "syrinx/stages/text/alphabet/grouping.h"
#include "syrinx/stages/text/alphabet/ipa.h"

namespace syrinx::text {
namespace {

std::optional<IpaKind> kind_of(char32_t code) {
  const IpaCharacter* found = find_ipa(code);
  return found == nullptr ? std::nullopt : std::optional(found->kind);
}

constexpr LetterGrammar kXSampaGrammar{"X-SAMPA", kind_of, true};

// The longest symbol that `rest` begins with.
const IpaCharacter* find_x_sampa(std::string_view rest) {
  const IpaCharacter* best = nullptr;
  for (const IpaCharacter& character : ipa_characters()) {
    const std::string_view symbol = character.x_sampa;
    if (symbol.empty() || !rest.starts_with(symbol)) continue;
    if (best == nullptr || symbol.size() > best->x_sampa.size()) best = &character;
  }
  return best;
}

Result<std::vector<Character>> ipa_of_x_sampa(std::string_view symbols) {
  std::vector<Character> characters;
  for (std::size_t at = 0; at < symbols.size();) {
    const IpaCharacter* found = find_x_sampa(symbols.substr(at));
    if (found == nullptr) {
      const std::size_t size = characters_of(symbols.substr(at, 4)).front().source.size();
      return symbol_error("X-SAMPA", symbols, {at, at + size}, "one of its symbols");
    }
    const std::size_t end = at + found->x_sampa.size();
    characters.push_back({found->code, {at, end}});
    at = end;
  }
  return characters;
}

Result<std::string> x_sampa_of_ipa(std::string_view ipa) {
  std::string out;
  for (const Character& character : characters_of(ipa)) {
    const IpaCharacter* found = find_ipa(character.code);
    if (found != nullptr && found->kind == IpaKind::kTie) continue;
    if (found == nullptr || found->x_sampa.empty())
      return make_error(ErrorCode::kUnsupported, "X-SAMPA has no symbol for '", ipa, "'");
    out += found->x_sampa;
  }
  return out;
}

}  // namespace

Result<std::vector<Phoneme>> ipa_to_x_sampa(std::vector<Phoneme> phonemes) {
  for (Phoneme& phoneme : phonemes) {
    SYRINX_ASSIGN(phoneme.symbol, x_sampa_of_ipa(phoneme.symbol));
  }
  return phonemes;
}

Result<std::vector<Phoneme>> x_sampa_to_ipa(std::vector<Phoneme> phonemes) {
  for (Phoneme& phoneme : phonemes) {
    if (phoneme.symbol == kWordBoundary) continue;
    SYRINX_ASSIGN(const auto characters, ipa_of_x_sampa(phoneme.symbol));
    SYRINX_ASSIGN(const auto grouped, group_letters(characters, phoneme.symbol, kXSampaGrammar));
    phoneme.symbol.clear();
    for (const Phoneme& part : grouped) phoneme.symbol += part.symbol;
  }
  return phonemes;
}

Result<std::vector<Phoneme>> read_x_sampa(std::string_view symbols) {
  SYRINX_ASSIGN(const auto characters, ipa_of_x_sampa(symbols));
  SYRINX_ASSIGN(auto phonemes, group_letters(characters, symbols, kXSampaGrammar));
  return ipa_to_x_sampa(std::move(phonemes));
}

std::string write_x_sampa(const std::vector<Phoneme>& phonemes) {
  const auto ipa = x_sampa_to_ipa(phonemes);
  std::string out;
  for (std::size_t i = 0; i < phonemes.size(); ++i) {
    const Phoneme& phoneme = phonemes[i];
    if (phoneme.stress != 0) {
      out += phoneme.stress == 1 ? "\"" : "%";
    } else if (i > 0 && ipa && would_join((*ipa)[i - 1].symbol, (*ipa)[i].symbol)) {
      out += ".";
    }
    out += phoneme.symbol;
  }
  return out;
}

}  // namespace syrinx::text
