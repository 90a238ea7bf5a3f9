// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/phonemes.h"
#include "syrinx/stages/text/alphabet/characters.h"
#include "syrinx/stages/text/alphabet/ipa_letters.h"

namespace syrinx::text {

// What distinguishes the sets whose symbols are letters with marks.
struct LetterGrammar {
  std::string_view name;  // For errors: "IPA".
  std::optional<IpaKind> (*kind_of)(char32_t code);
  bool joins_pairs;  // Whether "aɪ" and "tʃ" are one phoneme each.
};

// Makes phonemes of characters, which are IPA or Kokoro's letters whatever `symbols`, the written
// form that their sources count in, has.
// Errors: kInvalidArgument for a character that is not of the set, a mark without its letter.
Result<std::vector<Phoneme>> group_letters(const std::vector<Character>& characters,
                                           std::string_view symbols, const LetterGrammar& grammar);

// Whether IPA reads the two, written without a dot between, as one phoneme.
bool would_join(std::string_view first, std::string_view second);

}  // namespace syrinx::text
