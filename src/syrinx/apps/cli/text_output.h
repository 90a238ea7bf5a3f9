// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "syrinx/apps/json/text_json.h"
#include "syrinx/engines/tts/read_sentence.h"
#include "syrinx/stages/text/script/script.h"

// How `syrinx text` shows what was understood.
namespace syrinx::cli {

// One line of phonemes: words apart by a space (in ARPABET by " | "), in Kokoro's alphabet with the
// marks that its voices are given.
std::string phoneme_line(const std::vector<SpokenToken>& tokens, PhonemeSet set);

// A table of tokens: what was written, its class, what is said, how, and who decided.
std::string explanation(const tts::ReadSentence& sentence);

using json::markup_json;
using json::sentence_json;

// One line per element that was not honoured in full.
std::string markup_notes(const std::vector<text::ElementReport>& report);

}  // namespace syrinx::cli
