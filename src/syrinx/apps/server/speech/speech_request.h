// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "syrinx/apps/server/speech/encoder.h"
#include "syrinx/apps/server/work/task.h"
#include "syrinx/core/base/json.h"
#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/text.h"
#include "syrinx/stages/text/input/input.h"

namespace syrinx::server {

// What of a sentence's times a caption tells, next to its marks and what was skipped.
struct CaptionParts {
  bool words = true;
  bool phonemes = true;
  bool characters = false;
  bool visemes = false;
};

// What a client asks to be said, checked.
struct SpeechRequest {
  std::string model = "tts-1";
  std::string input;
  std::string voice;  // As load_voice() takes it.
  SpeechFormat format;
  Prosody prosody;
  std::string emotion;                        // As text::read_emotion() takes it; "" for none.
  CaptionParts parts;                         // Of a caption.
  std::optional<text::InputKind> input_kind;  // Empty: told from the text.
  bool events = false;                        // stream_format "sse".
  std::optional<work::Priority> priority;     // Empty: the usual one.
};

// What was wrong and with which member.
struct RequestError {
  Error error;
  std::string param;  // Or "".
};

struct RequestLimits {
  std::size_t max_characters = 4'096;
  std::string default_voice;
};

// The models that clients may name: all are this server.
const std::vector<std::string>& model_names();

// Reads the body of OpenAI's "Create speech", with our own members beside: input_type,
// sample_rate_hz, pitch_semitones, volume_db, emotion, timestamp_granularities, priority.
// `instructions` is taken and not followed; members that nobody knows are passed over. On error,
// what was wrong.
std::optional<RequestError> read_speech_request(std::string_view body, const RequestLimits& limits,
                                                SpeechRequest& request);

// The same of a body that was read as JSON. Pre: it is an object.
std::optional<RequestError> read_speech_request(const JsonValue& root, const RequestLimits& limits,
                                                SpeechRequest& request);

// All of that but the text itself and what it is written in.
std::optional<RequestError> read_speech_members(const JsonValue& root, const RequestLimits& limits,
                                                SpeechRequest& request);

// Characters of UTF-8: bytes that do not continue one.
std::size_t characters_of(std::string_view text) noexcept;

// A voice's name as far as it can be one at all: not empty, not long, nothing but letters, digits
// and the marks of names and mixes, so that no path and no markup is ever made of it.
bool is_voice_name(std::string_view name) noexcept;

}  // namespace syrinx::server
