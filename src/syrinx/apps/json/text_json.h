// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <vector>

#include "syrinx/engines/tts/read_sentence.h"
#include "syrinx/stages/text/script/script.h"

// Documents that more than one front door gives.
namespace syrinx::json {

// What was understood of one sentence: {text, source, ends_paragraph, tokens, styles, events,
// skipped}; every token with its class, rule, words and pronunciations. Sources are [begin, end) in
// bytes of the author's text.
nlohmann::json sentence_json(const tts::ReadSentence& sentence);

// What became of each element of the markup: [{element, source, status, note}].
nlohmann::json markup_json(const std::vector<text::ElementReport>& report);

}  // namespace syrinx::json
