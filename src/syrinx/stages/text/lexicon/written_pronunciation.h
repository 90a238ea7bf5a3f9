// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/spoken.h"

namespace syrinx::text {

// Reads a pronunciation as people write one:
//   /kəˈkɑːɹoʊ/              IPA, between slashes
//   K AH0 K AA1 R OW0        ARPABET, phonemes with a space between them, stress digits on vowels
//   kah-KAH-roh              respelling: see respelling_to_arpabet()
// `alphabet` says which it is: "ipa", "arpabet", "kokoro", "x-sampa", "respelling", or "" to tell by
// its look. Leaves a Pronunciation in ARPABET for a respelling, else in the set that was written.
// Errors: kInvalidArgument with what was not understood.
Result<Pronunciation> parse_written_pronunciation(std::string_view written,
                                                  std::string_view alphabet = "");

// Respelling for those who write no phonetic alphabet: syllables with hyphens between them, the
// stressed one in CAPITALS. Letters are read as
//   vowels      a, ah (father) · aa, æ as "a" before a consonant (cat) · ay (day) · ee (see) ·
//               e, eh (bed) · i, ih (sit) · eye, y, igh (my) · o (hot) · oh (go) · aw (law) ·
//               oo (food) · uu (book) · u, uh (cup, and the weak vowel of unstressed syllables) ·
//               ow (cow) · oy (boy) · er, ur (her) · ar (car) · or (for) · air (hair) · eer (here)
//   consonants  b ch d f g h j k l m n ng p r s sh t th (thin) dh (this) v w wh y z zh
// A word of one syllable is stressed; without capitals the first syllable is.
Result<std::string> respelling_to_arpabet(std::string_view respelling);

}  // namespace syrinx::text
