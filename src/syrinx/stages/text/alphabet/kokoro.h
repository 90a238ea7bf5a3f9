// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/phonemes.h"
#include "syrinx/stages/text/alphabet/alphabet.h"

namespace syrinx::text {

// The alphabet of the misaki lexicons and Kokoro's voices: IPA with one letter for each diphthong
// (A I O Q W Y) and affricate (ʤ ʧ ʣ ʥ ʦ ʨ), "T" for the flap and "ᵊ" for what is hardly a vowel.
Result<std::vector<Phoneme>> read_kokoro(std::string_view symbols);
std::string write_kokoro(const std::vector<Phoneme>& phonemes);

std::vector<Phoneme> kokoro_to_ipa(const std::vector<Phoneme>& phonemes);
// Errors: kUnsupported for clicks and epiglottals.
Result<std::vector<Phoneme>> ipa_to_kokoro(const std::vector<Phoneme>& phonemes, Dialect dialect);

}  // namespace syrinx::text
