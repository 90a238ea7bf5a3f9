// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "syrinx/core/flow/spoken.h"
#include "syrinx/stages/text/alphabet/alphabet.h"

namespace syrinx::text {

// A pronunciation in the set in which it was found, and who found it.
struct SaidWord {
  Pronunciation pronunciation;
  std::string decided_by;
};

// Whether it begins with a vowel; nothing when it has no sound.
std::optional<bool> begins_with_vowel(const Pronunciation& pronunciation);

// In another set; nothing where that has no symbol for a sound.
std::optional<Pronunciation> in_set(const Pronunciation& pronunciation, PhonemeSet set,
                                    Dialect dialect);

// Adds a word's sounds after a boundary of words. Pre: both are of one set.
void append_word(Pronunciation& words, const Pronunciation& next);

}  // namespace syrinx::text
