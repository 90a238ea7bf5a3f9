// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace syrinx::text::en {

// Where an abbreviation is one.
enum class AbbreviationUse {
  kAnywhere,      // With or without its period.
  kTitle,         // Before a name, with or without its period.
  kDottedTitle,   // Before a name, with its period.
  kDotted,        // With its period.
  kBeforeNumber,  // Before a number.
  kChat,          // In lower case or capitals, without a period.
};

struct Abbreviation {
  std::string_view written;  // In lower case.
  std::string_view spoken;
  AbbreviationUse use = AbbreviationUse::kAnywhere;
  bool in_corpora = true;  // Also in spaced writing, whose readers spell the rest.
};

// nullptr if `lower` is none.
const Abbreviation* find_abbreviation(std::string_view lower);
// Common words that capitals do not make letters.
bool is_common_word(std::string_view lower);
// Acronyms said as words, and those that look like words but are spelt.
bool is_acronym_word(std::string_view lower);
bool is_spelt_acronym(std::string_view lower);
// "Texas" of "TX"; "" if it is none.
std::string_view state_name(std::string_view code);
// "delta" of U+0394; "" if it is no Greek letter.
std::string_view greek_letter(char32_t letter);
// American spelling of a British one ("colour"), in lower case; "" if it is none.
std::string american_spelling(std::string_view lower);

}  // namespace syrinx::text::en
