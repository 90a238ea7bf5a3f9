// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "syrinx/core/flow/phonemes.h"

namespace syrinx::text {

// IPA as a British speaker says what American ARPABET writes: "r" only before vowels, the vowels
// long and short, LOT apart from PALM as far as spelling-free rules can tell. docs/phonemes.md has
// the rules; what American English has merged ("father", "sorry") they can only guess.
std::vector<Phoneme> arpabet_to_british_ipa(const std::vector<Phoneme>& phonemes);

}  // namespace syrinx::text
