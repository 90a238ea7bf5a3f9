// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "syrinx/apps/server/speech/speech_request.h"
#include "syrinx/engines/tts/speech_stream.h"

namespace syrinx::server {

// A sentence as it sounds: text, source, begin_s, end_s, marks, skipped, and of words, phonemes,
// characters and visemes what `parts` has. Times are seconds from the start of the whole, sources
// byte ranges of the author's text.
nlohmann::json caption_json(const tts::SpokenSentence& sentence, const CaptionParts& parts);

// One line or event of JSON; bytes that are not UTF-8 are replaced, numbers are finite.
std::string json_line(const nlohmann::json& document);

}  // namespace syrinx::server
