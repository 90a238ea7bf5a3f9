// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "syrinx/core/flow/kokoro_symbols.h"

// What the networks of two families of voices are given for phonemes.
namespace syrinx::text {

// Kokoro's numbers are in core/flow: the stage that writes pronunciations and the one that speaks
// them both need them.
using syrinx::kokoro_id;
using syrinx::kokoro_ids;
using syrinx::KokoroIds;

// IPA as Piper's phoneme_id_map takes it: characters of the canonical decomposition (Unicode NFD).
// A precomposed letter that the map may hold instead ("ç") is the caller's to try. Broken UTF-8
// becomes U+FFFD.
std::u32string piper_code_points(std::string_view ipa);
// The same as UTF-8.
std::string piper_spelling(std::string_view ipa);
// Our American IPA as espeak-ng writes it, on which Piper's voices were trained: "ɝ" is "ɜː", and
// "ɑ", "ɔ", stressed "i" and "u" are long. What is written so already stays. Every phoneme that our
// English has comes out as symbols that espeak-ng's English has.
std::string espeak_spelling(std::string_view ipa);
// Letters as Piper's voices that read letters take them: folded case, decomposed.
std::string piper_letters(std::string_view text);

}  // namespace syrinx::text
