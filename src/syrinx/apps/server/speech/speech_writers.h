// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "syrinx/apps/server/http/exchange.h"
#include "syrinx/apps/server/speech/speech_task.h"

namespace syrinx::server {

// The sound itself, chunked, as it is made.
std::unique_ptr<SpeechWriter> audio_writer(std::shared_ptr<http::Exchange> exchange,
                                           const SpeechFormat& format);

// OpenAI's server-sent events: speech.audio.delta {audio: base64} and speech.audio.done {usage},
// where tokens are, in, the words that are said and, out, the phonemes that are heard.
std::unique_ptr<SpeechWriter> event_writer(std::shared_ptr<http::Exchange> exchange);

// NDJSON: a line for each sentence with its sound in base64, its `parts` and marks with their times
// and source bytes; lines of "continues" and "audio" alone for more of that sound; then
// one with "done".
std::unique_ptr<SpeechWriter> caption_writer(std::shared_ptr<http::Exchange> exchange,
                                             const SpeechFormat& format, const CaptionParts& parts);

// The one of these that a form is written by: "captions", "events" or "audio".
std::unique_ptr<SpeechWriter> speech_writer(std::shared_ptr<http::Exchange> exchange,
                                            const SpeechRequest& request, std::string_view form);

}  // namespace syrinx::server
