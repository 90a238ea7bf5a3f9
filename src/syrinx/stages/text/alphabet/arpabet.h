// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/phonemes.h"
#include "syrinx/stages/text/alphabet/alphabet.h"

namespace syrinx::text {

// ARPABET as the CMU dictionary has it, 39 phonemes; also read are the longer set's AX AXR IX UX DX
// EL EM EN ENG NX Q WH. Spaces are between phonemes, "|" between words, "-" and "." between
// syllables. Symbols of the phonemes are in lower case.
Result<std::vector<Phoneme>> read_arpabet(std::string_view symbols);
// Capitals, with a stress digit on every vowel.
std::string write_arpabet(const std::vector<Phoneme>& phonemes);

// American IPA; kGb: as a British speaker would say it (docs/phonemes.md).
std::vector<Phoneme> arpabet_to_ipa(const std::vector<Phoneme>& phonemes, Dialect dialect);
// Errors: kUnsupported for clicks and epiglottals.
Result<std::vector<Phoneme>> ipa_to_arpabet(const std::vector<Phoneme>& phonemes, Dialect dialect);

}  // namespace syrinx::text
