// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/phonemes.h"
#include "syrinx/core/flow/spoken.h"

// How pronunciations are written: ARPABET, IPA, X-SAMPA and the alphabet of Kokoro's voices, which
// is that of the misaki lexicons. docs/phonemes.md has the tables.
namespace syrinx::text {

// Whose English a pronunciation is turned into. Kokoro's alphabet is written differently for each:
// "ɑ" and "O" for American, "ɑː" and "Q" for British.
enum class Dialect { kUs, kGb };

// The symbol of a word's end in a pronunciation of several words, in every set. It is written " ",
// and in ARPABET, where a space is between phonemes, "|".
inline constexpr std::string_view kWordBoundary = " ";

// The phonemes of a pronunciation, each with its place in `pronunciation.symbols` as its source.
// A symbol is spelt one way however it was written: ARPABET in lower case, IPA without tie bars
// where they say nothing ("tʃ", "aɪ" are one phoneme each; "t͡s" keeps its bar) and with "ɡ" for
// "g". Stress goes to the next vowel or syllabic consonant, or, in a word that has none left, to
// the phoneme after the mark. Syllable dots and linking marks are read over. Errors:
// kInvalidArgument, naming the symbol that is not of the set and its place (in characters, the
// first is 1); kLimitExceeded beyond limits::kMaxPronunciationBytes. An empty pronunciation has no
// phonemes.
Result<std::vector<Phoneme>> parse_phonemes(const Pronunciation& pronunciation);

// What parse_phonemes reads as `phonemes`, written the usual way: "HH AH0 L OW1", "həlˈoʊ".
Pronunciation write_phonemes(PhonemeSet set, const std::vector<Phoneme>& phonemes);

// The same pronunciation in another set. Nothing is lost where the set has the sound; where it has
// not, the nearest sound stands in (docs/phonemes.md). Stress and the ends of words stay.
// From ARPABET to Kokoro's British alphabet the "r" that British English does not say goes. A
// pronunciation that is in the set already is written in its usual spelling; Kokoro's alphabet is
// not turned from one dialect into the other.
// Errors: those of parse_phonemes; kUnsupported for a sound that the set has nothing near to.
Result<Pronunciation> convert(const Pronunciation& pronunciation, PhonemeSet to, Dialect dialect);

// "ipa", "x-sampa", "arpabet", "kokoro".
std::string_view name_of(PhonemeSet set) noexcept;
// The set of a name as SSML's `alphabet` has it, in any case: "ipa", "x-sampa", "arpabet", "cmu",
// "kokoro", "misaki" and vendors' spellings of these ("x-cmu", "x-arpabet", "cmu-arpabet",
// "sampa").
std::optional<PhonemeSet> phoneme_set_named(std::string_view name) noexcept;

}  // namespace syrinx::text
