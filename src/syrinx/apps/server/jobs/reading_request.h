// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "syrinx/apps/server/speech/speech_request.h"
#include "syrinx/core/base/json.h"
#include "syrinx/core/io/audio_format.h"

namespace syrinx::server {

// A long text that is to be read aloud into one file.
struct ReadingRequest {
  SpeechRequest speech;  // Its `format` is not used.
  io::AudioFormat format = io::AudioFormat::kMp3;
  std::string content_type;
  std::string title;
  std::string author;
  std::optional<double> loudness_lufs = -18.0;  // Nothing: as the voice has it.
};

// {"input", "voice", "speed", "pitch_semitones", "volume_db", "emotion", "input_type"} as for
// "Create speech"; response_format also m4b and m4a, title, author, and loudness_lufs (-40 to -10,
// or null).
std::optional<RequestError> read_reading_request(const JsonValue& root, const RequestLimits& limits,
                                                 ReadingRequest& request);

}  // namespace syrinx::server
