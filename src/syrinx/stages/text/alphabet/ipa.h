// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/phonemes.h"

namespace syrinx::text {

// Phonemes in IPA: the set that all others are turned into and made from.
Result<std::vector<Phoneme>> read_ipa(std::string_view symbols);
// A dot goes between two phonemes that would be read as one.
std::string write_ipa(const std::vector<Phoneme>& phonemes);

// The same in X-SAMPA. Symbols of the phonemes are X-SAMPA too.
Result<std::vector<Phoneme>> read_x_sampa(std::string_view symbols);
std::string write_x_sampa(const std::vector<Phoneme>& phonemes);
Result<std::vector<Phoneme>> x_sampa_to_ipa(std::vector<Phoneme> phonemes);
// Errors: kUnsupported for the labiodental flap and the tone letters, which X-SAMPA has not.
Result<std::vector<Phoneme>> ipa_to_x_sampa(std::vector<Phoneme> phonemes);

}  // namespace syrinx::text
