// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace syrinx::text {

// ARPABET of a word in lower case, or "" for a word that is not known.
using StemLookup = std::function<std::string(std::string_view stem)>;

// A word made of known parts.
struct DerivedWord {
  std::string symbols;  // ARPABET.
  std::string parts;    // For a person: "stem 'play', with -ing".
};

// " S", " Z" or " IH0 Z": the plural or genitive after these ARPABET symbols.
std::string plural_ending(std::string_view symbols);

// Which endings and prefixes are tried: all, or those that do better than the model of unknown
// words.
enum class Affixes { kAll, kBetterThanModel };

// A contraction or genitive ("dog's", "dogs'", "they'll") of a known word, or of one with an affix.
std::optional<DerivedWord> with_apostrophe(std::string_view word, const StemLookup& look_up,
                                           Affixes affixes);

// A known word with an ending ("playing", "hopefulness") or a prefix ("unplayed"); up to three of
// them; else nothing.
std::optional<DerivedWord> with_affix(std::string_view word, const StemLookup& look_up,
                                      Affixes affixes);

}  // namespace syrinx::text
