// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/alphabet/grouping.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

#include "syrinx/stages/text/alphabet/alphabet.h"

namespace syrinx::text {
namespace {

constexpr std::string_view kTieBar = "\u0361";
constexpr std::string_view kSyllabic = "\u0329";

constexpr std::pair<std::string_view, std::string_view> kPairs[] = {
    {"a", "ɪ"}, {"a", "ʊ"}, {"e", "ɪ"}, {"o", "ʊ"}, {"ə", "ʊ"},
    {"ɔ", "ɪ"}, {"e", "ə"}, {"ɛ", "ə"}, {"t", "ʃ"}, {"d", "ʒ"}};

bool is_pair(std::string_view first, std::string_view second) {
  return std::any_of(std::begin(kPairs), std::end(kPairs), [&](const auto& pair) {
    return pair.first == first && pair.second == second;
  });
}

bool is_joined_pair(std::string_view symbol) {
  return std::any_of(std::begin(kPairs), std::end(kPairs), [&](const auto& pair) {
    return symbol.size() == pair.first.size() + pair.second.size() &&
           symbol.substr(0, pair.first.size()) == pair.first &&
           symbol.substr(pair.first.size()) == pair.second;
  });
}

// The consonants that are said as a syllable after "ᵊ".
bool may_be_syllabic(char32_t code) {
  return std::u32string_view(U"lmnŋɹr").find(code) != std::u32string_view::npos;
}

// A superscript schwa before a consonant ("bʌtᵊn") says what a syllabic consonant does.
bool joins_superscript(std::string_view first, char32_t code) {
  return first == "ᵊ" && may_be_syllabic(code);
}

struct PendingStress {
  int level = 0;          // 0 is none.
  std::size_t index = 0;  // Of the phoneme after the mark.
  SourceSpan source;
};

class Grouping {
 public:
  Grouping(std::string_view symbols, const LetterGrammar& grammar)
      : symbols_(symbols), grammar_(grammar) {}

  Result<void> add(const Character& character) {
    const auto kind = grammar_.kind_of(character.code);
    if (!kind) return fail(character, "one of its symbols");
    if (tie_ && *kind != IpaKind::kVowel && *kind != IpaKind::kConsonant)
      return fail(character, "a letter after the tie bar");
    switch (*kind) {
      case IpaKind::kVowel:
      case IpaKind::kConsonant:
        add_letter(character, *kind == IpaKind::kVowel);
        return {};
      case IpaKind::kModifier:
        return add_modifier(character);
      case IpaKind::kTie:
        tie_ = follows_letter();
        return tie_ ? Result<void>() : fail(character, "a letter before the tie bar");
      case IpaKind::kPrimary:
      case IpaKind::kSecondary:
        pending_ = {*kind == IpaKind::kPrimary ? 1 : 2, phonemes_.size(), character.source};
        apart_ = true;
        return {};
      case IpaKind::kSilent:
        apart_ = true;
        return {};
      case IpaKind::kBoundary:
        return end_word(character);
    }
    return {};
  }

  Result<std::vector<Phoneme>> finish(const Character& last) {
    if (tie_) return fail(last, "a letter after the tie bar");
    SYRINX_TRY(settle_stress());
    if (!phonemes_.empty() && phonemes_.back().symbol == kWordBoundary) phonemes_.pop_back();
    if (grammar_.joins_pairs) {
      for (Phoneme& phoneme : phonemes_) {
        if (phoneme.symbol.starts_with("ᵊ")) phoneme.symbol.replace(0, 3, "ə");
      }
    }
    return std::move(phonemes_);
  }

 private:
  bool follows_letter() const { return !apart_ && !phonemes_.empty(); }

  void add_letter(const Character& character, bool is_vowel) {
    const std::string letter = utf8_of(character.code);
    if (tie_) {
      Phoneme& before = phonemes_.back();
      before.symbol += (is_pair(before.symbol, letter) ? "" : std::string(kTieBar)) + letter;
      before.source.end = character.source.end;
    } else if (grammar_.joins_pairs && follows_letter() &&
               joins_superscript(phonemes_.back().symbol, character.code)) {
      phonemes_.back().symbol = letter + std::string(kSyllabic);
      phonemes_.back().source.end = character.source.end;
    } else if (grammar_.joins_pairs && follows_letter() &&
               is_pair(phonemes_.back().symbol, letter)) {
      phonemes_.back().symbol += letter;
      phonemes_.back().source.end = character.source.end;
    } else {
      phonemes_.push_back({letter, 0, character.source});
      if (is_vowel) take_stress();
    }
    tie_ = false;
    apart_ = false;
  }

  Result<void> add_modifier(const Character& character) {
    if (!follows_letter()) return fail(character, "a letter before this mark");
    Phoneme& letter = phonemes_.back();
    letter.source.end = character.source.end;
    if (character.code == U'˞' && letter.symbol == "ə") {
      letter.symbol = "ɚ";
    } else if (character.code == U'˞' && letter.symbol == "ɜ") {
      letter.symbol = "ɝ";
    } else if (character.code == U'\u032F' && is_joined_pair(letter.symbol)) {
      return {};  // "aɪ̯" says what "aɪ" says.
    } else {
      append_utf8(letter.symbol, character.code);
    }
    if (character.code == U'\u0329') take_stress();
    return {};
  }

  Result<void> end_word(const Character& character) {
    SYRINX_TRY(settle_stress());
    if (!phonemes_.empty() && phonemes_.back().symbol != kWordBoundary)
      phonemes_.push_back({std::string(kWordBoundary), 0, character.source});
    apart_ = true;
    return {};
  }

  // The newest phoneme is the core of a syllable.
  void take_stress() {
    if (pending_.level == 0) return;
    phonemes_.back().stress = pending_.level;
    pending_.level = 0;
  }

  // No syllable came after the mark: its phoneme is what it marks.
  Result<void> settle_stress() {
    if (pending_.level == 0) return {};
    if (pending_.index >= phonemes_.size())
      return fail({0, pending_.source}, "a phoneme after the stress mark");
    phonemes_[pending_.index].stress = pending_.level;
    pending_.level = 0;
    return {};
  }

  Error fail(const Character& character, std::string_view expected) const {
    return symbol_error(grammar_.name, symbols_, character.source, expected);
  }

  std::string_view symbols_;
  LetterGrammar grammar_;
  std::vector<Phoneme> phonemes_;
  PendingStress pending_;
  bool apart_ = true;  // Something stands between the newest phoneme and what comes.
  bool tie_ = false;
};

}  // namespace

Result<std::vector<Phoneme>> group_letters(const std::vector<Character>& characters,
                                           std::string_view symbols, const LetterGrammar& grammar) {
  Grouping grouping(symbols, grammar);
  for (const Character& character : characters) SYRINX_TRY(grouping.add(character));
  return grouping.finish(characters.empty() ? Character{} : characters.back());
}

bool would_join(std::string_view first, std::string_view second) {
  const auto next = characters_of(second);
  if (next.empty()) return false;
  return is_pair(first, utf8_of(next.front().code)) || joins_superscript(first, next.front().code);
}

}  // namespace syrinx::text
