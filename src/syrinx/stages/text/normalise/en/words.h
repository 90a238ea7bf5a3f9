// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "syrinx/stages/text/normalise/en/reading.h"

// What is written with letters; see Rule for what the functions do.
namespace syrinx::text::en {

bool abbreviation_rule(const Reading& reading, std::size_t at, Match& match);  // "Dr.", "vs".
bool with_slash(const Reading& reading, std::size_t at, Match& match);         // "w/o".
bool initials_rule(const Reading& reading, std::size_t at, Match& match);      // "U.S.", "J. R."
bool letters_rule(const Reading& reading, std::size_t at, Match& match);       // "FBI", "UFOs".
bool plain_word(const Reading& reading, std::size_t at, Match& match);         // All others.
// Phonemes in brackets, as authors of lexicons write them, stay: "[HH AH0 L OW1]".
bool bracketed_phonemes(const Reading& reading, std::size_t at, Match& match);

// Whether a word in lower case has a vowel to say it with.
bool is_sayable(std::string_view lower);
// Whether capitals read as a word: "NASA", not "NBA".
bool is_said_acronym(std::string_view upper);

}  // namespace syrinx::text::en
