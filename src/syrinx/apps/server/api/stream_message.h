// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "syrinx/apps/server/speech/speech_request.h"

namespace syrinx::server {

// What a client says on /v1/audio/stream.
struct StreamMessage {
  enum class Kind { kStart, kText, kFlush, kStop, kEnd };
  Kind kind = Kind::kText;
  std::string text;
  std::optional<double> played_s;  // Of kStop.
};

// Reads one message: {"type": "start", "voice", "response_format" ...}, {"type": "text", "text"},
// {"type": "flush"}, {"type": "stop", "played_s"}, {"type": "end"}. A start's choices go into
// `request`. Errors: kInvalidArgument.
Result<StreamMessage> read_stream_message(std::string_view message, const RequestLimits& limits,
                                          SpeechRequest& request);

// The choices of a start message; its format is pcm unless it names one. Errors: as above.
Result<void> read_stream_start(std::string_view message, const RequestLimits& limits,
                               SpeechRequest& request);

}  // namespace syrinx::server
