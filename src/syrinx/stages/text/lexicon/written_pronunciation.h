// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/spoken.h"

namespace syrinx::text {

// Reads a pronunciation as people write one:
//   /kəˈkɑːɹoʊ/           IPA, between slashes (or brackets, or with a letter that is not ASCII)
//   K AH0 K AA1 R OW0     ARPABET in capitals, a space between phonemes, stress digits on vowels
//   kuh-KAH-roh           respelling: see respelling_to_arpabet()
// `alphabet` says which it is: a name that phoneme_set_named() takes, "respelling", or "" to tell
// by its look. Success leaves ARPABET for a respelling, else the set that was written, in its usual
// spelling. Errors: kInvalidArgument with what was not understood.
Result<Pronunciation> parse_written_pronunciation(std::string_view written,
                                                  std::string_view alphabet = "");

// Respelling, for those who write no phonetic alphabet: syllables with hyphens between them, the
// stressed one in CAPITALS. Of several in capitals the first has the primary stress, the others
// secondary; without any the first syllable is stressed. One vowel a syllable:
//   a (cat)    ah, aa (father)   ay, ai (day)   ar (car)   air (hair)   aw, au (law)
//   e, eh (bed)   ee (see)   eer (here)   er, ir, ur (her)   i, ih (sit)   igh, eye (my; so does a
//   last y)   ire (fire)   o (hot)   oh, oe (go)   oo (food)   or (for)   ow (cow)   oi, oy (boy)
//   u, uh (cup; the weak vowel where the syllable has no stress)   uu (book)
// and around it the consonants
//   b ch d dh (this) f g h j k l m n ng nk p r s sh t th (thin) v w y z zh (vision); c before e and
//   i is s, else k; ck is k, ph f, qu kw, x ks, wh w, tch ch; a double letter is one.
// Errors: kInvalidArgument, with the syllable that has no or several vowels, or an unknown letter.
Result<std::string> respelling_to_arpabet(std::string_view respelling);

}  // namespace syrinx::text
