// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

namespace syrinx::text {

enum class IpaKind {
  kVowel,
  kConsonant,
  kModifier,  // Belongs to the letter before it.
  kTie,       // Joins the letter before it with the one after.
  kPrimary,   // Stress marks.
  kSecondary,
  kSilent,    // Syllable dots and linking marks: keep letters apart, say nothing.
  kBoundary,  // A word ends.
};

// A character of the International Phonetic Alphabet (chart of 2020, and what espeak-ng and
// dictionaries add) and how X-SAMPA (Wells 1995) writes it; "" where X-SAMPA cannot.
struct IpaCharacter {
  char32_t code;
  IpaKind kind;
  std::string_view x_sampa;
};

// By code; nullptr for a character that is not of the alphabet.
const IpaCharacter* find_ipa(char32_t code) noexcept;
// All of them. Where two have one spelling in X-SAMPA, the first is the one that it is read as.
std::span<const IpaCharacter> ipa_characters() noexcept;

}  // namespace syrinx::text
