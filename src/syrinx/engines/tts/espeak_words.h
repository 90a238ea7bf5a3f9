// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/spoken.h"
#include "syrinx/stages/text/espeak/espeak.h"

namespace syrinx::tts {

// Gives each word the IPA that espeak-ng says for it within the whole sentence, but for those that
// the author pronounced (by markup or in a lexicon of their own), which keep theirs, and for names
// of letters and homographs, which keep ours in espeak-ng's spelling. Where
// espeak-ng says several words as one ("of the"), the first of them gets the sound and the others
// an empty pronunciation. A word that it does not say keeps what it had. Failure leaves all as it
// was: the errors of Espeak::phonemise().
Result<void> pronounce_by_espeak(const text::Espeak& espeak, std::string_view voice,
                                 std::vector<SpokenToken>& tokens);

// The same without espeak-ng: our own pronunciations in its spelling. The author's own are only
// decomposed, as both functions do with all that voices of Piper are given (Unicode NFD).
void spell_like_espeak(std::vector<SpokenToken>& tokens);

// Which groups of sound belong to which words: for each group the first word that it says. Both are
// in order; a group may say several words, and a word may take several groups. `words` are the
// words' own IPA, or their letters.
std::vector<std::size_t> match_groups(const std::vector<std::string>& words,
                                      const std::vector<std::string>& groups);

}  // namespace syrinx::tts
