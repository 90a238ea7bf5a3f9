// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/server/speech/speech_request.h"

#include <algorithm>
#include <cmath>

#include "syrinx/apps/server/speech/voice_names.h"
#include "syrinx/core/base/json.h"
#include "syrinx/core/base/limits.h"
#include "syrinx/stages/acoustic/speech_model.h"
#include "syrinx/stages/text/script/emotion.h"

namespace syrinx::server {
namespace {

constexpr double kMaxVolumeDb = 24;
constexpr double kMinVolumeDb = -60;

// Reads members one after the other and keeps the first thing that is wrong.
class Members {
 public:
  explicit Members(const JsonValue& root) : root_(root) {}

  void fail(const char* param, ErrorCode code, std::string sentence) {
    if (!wrong_) wrong_ = RequestError{{code, std::move(sentence)}, param};
  }
  void fail(const char* param, const Error& error) { fail(param, error.code, error.message); }

  // The text of a member; nothing when it is absent or null.
  std::optional<std::string> text(const char* name) {
    const JsonValue* value = root_.find(name);
    if (value == nullptr || value->is_null()) return std::nullopt;
    if (const std::string* found = value->text()) return *found;
    fail(name, ErrorCode::kInvalidArgument, std::string("'") + name + "' must be a string");
    return std::nullopt;
  }
  std::optional<double> number(const char* name, double least, double most) {
    const JsonValue* value = root_.find(name);
    if (value == nullptr || value->is_null()) return std::nullopt;
    const auto found = value->number();
    if (found && *found >= least && *found <= most) return found;
    char range[96];
    std::snprintf(range, sizeof range, "must be a number from %g to %g", least, most);
    fail(name, ErrorCode::kInvalidArgument, std::string("'") + name + "' " + range);
    return std::nullopt;
  }
  // "alloy", or {"id": "alloy"}.
  std::optional<std::string> voice() {
    const JsonValue* value = root_.find("voice");
    if (value == nullptr || value->object() == nullptr) return text("voice");
    const JsonValue* id = value->find("id");
    if (id != nullptr && id->text() != nullptr) return *id->text();
    fail("voice", ErrorCode::kInvalidArgument, "'voice' must be a name, or {\"id\": a name}");
    return std::nullopt;
  }
  // The list of a member; nothing when it is absent or null.
  const JsonValue::Array* list(const char* name) {
    const JsonValue* value = root_.find(name);
    if (value == nullptr || value->is_null()) return nullptr;
    if (value->array() == nullptr)
      fail(name, ErrorCode::kInvalidArgument, std::string("'") + name + "' must be a list");
    return value->array();
  }
  std::optional<RequestError> wrong() && { return std::move(wrong_); }

 private:
  const JsonValue& root_;
  std::optional<RequestError> wrong_;
};

void read_model(Members& members, SpeechRequest& request) {
  const auto model = members.text("model");
  if (!model) return;
  const auto& names = model_names();
  if (std::find(names.begin(), names.end(), *model) != names.end()) {
    request.model = *model;
    return;
  }
  std::string list;
  for (const auto& name : names) list += (list.empty() ? "" : ", ") + name;
  members.fail("model", ErrorCode::kNotFound,
               "there is no model '" + *model + "'; there are " + list);
}

void read_input(Members& members, const RequestLimits& limits, SpeechRequest& request) {
  request.input = members.text("input").value_or("");
  if (request.input.find_first_not_of(" \t\r\n") == std::string::npos)
    members.fail("input", ErrorCode::kInvalidArgument,
                 "'input' is empty; it must be the text that is to be said");
  const std::size_t characters = characters_of(request.input);
  if (characters > limits.max_characters)
    members.fail("input", ErrorCode::kInvalidArgument,
                 "'input' has " + std::to_string(characters) + " characters and may have " +
                     std::to_string(limits.max_characters) + "; send it in parts");
  if (const auto kind = members.text("input_type"); kind && *kind != "auto") {
    request.input_kind = text::input_kind(*kind);
    if (!request.input_kind)
      members.fail("input_type", ErrorCode::kInvalidArgument,
                   "'input_type' must be auto, plain, markdown, html, email, chat or ssml");
  }
}

void read_voice(Members& members, const RequestLimits& limits, SpeechRequest& request) {
  const std::string name = members.voice().value_or(limits.default_voice);
  if (!name.empty() && !is_voice_name(name))
    return members.fail("voice", ErrorCode::kInvalidArgument,
                        "'voice' is no name of a voice; GET /v1/audio/voices lists them");
  request.voice = resolved_voice(name);
}

void read_format(Members& members, SpeechRequest& request) {
  const auto rate = members.number("sample_rate_hz", syrinx::limits::kMinSampleRateHz,
                                   syrinx::limits::kMaxSampleRateHz);
  std::optional<int> rate_hz;
  if (rate) rate_hz = static_cast<int>(std::lround(*rate));
  auto format = speech_format(members.text("response_format").value_or("mp3"), rate_hz);
  if (!format) return members.fail(rate ? "sample_rate_hz" : "response_format", format.error());
  request.format = std::move(*format);
}

void read_emotion(Members& members, SpeechRequest& request) {
  const auto emotion = members.text("emotion");
  if (!emotion) return;
  if (const auto felt = text::read_emotion(*emotion); !felt)
    return members.fail("emotion", felt.error());
  request.emotion = *emotion;
}

void read_parts(Members& members, SpeechRequest& request) {
  constexpr const char* kMember = "timestamp_granularities";
  const JsonValue::Array* names = members.list(kMember);
  if (names == nullptr) return;
  request.parts = {false, false, false, false};
  for (const JsonValue& value : *names) {
    const std::string name = value.text() != nullptr ? *value.text() : json_text(value);
    bool* part = name == "word"        ? &request.parts.words
                 : name == "phoneme"   ? &request.parts.phonemes
                 : name == "character" ? &request.parts.characters
                 : name == "viseme"    ? &request.parts.visemes
                                       : nullptr;
    if (part == nullptr)
      return members.fail(kMember, ErrorCode::kInvalidArgument,
                          "'timestamp_granularities' names '" + name.substr(0, 40) +
                              "'; there are word, phoneme, character and viseme");
    *part = true;
  }
}

void read_manner(Members& members, SpeechRequest& request) {
  if (const auto speed = members.number("speed", acoustic::kMinRate, acoustic::kMaxRate))
    request.prosody.rate = *speed;
  if (const auto pitch = members.number("pitch_semitones", -acoustic::kMaxPitchSemitones,
                                        acoustic::kMaxPitchSemitones))
    request.prosody.pitch_semitones = *pitch;
  if (const auto volume = members.number("volume_db", kMinVolumeDb, kMaxVolumeDb))
    request.prosody.volume_db = *volume;
  read_emotion(members, request);
  read_parts(members, request);
  if (const auto priority = members.text("priority")) {
    request.priority = work::priority_named(*priority);
    if (!request.priority)
      members.fail("priority", ErrorCode::kInvalidArgument,
                   "'priority' must be interactive, normal or batch");
  }
  (void)members.text("instructions");
  const std::string stream = members.text("stream_format").value_or("audio");
  request.events = stream == "sse";
  if (stream != "sse" && stream != "audio")
    members.fail("stream_format", ErrorCode::kInvalidArgument,
                 "'stream_format' is '" + stream + "' and must be audio or sse");
}

}  // namespace

const std::vector<std::string>& model_names() {
  static const std::vector<std::string> names = {"syrinx", "tts-1", "tts-1-hd", "gpt-4o-mini-tts"};
  return names;
}

std::size_t characters_of(std::string_view text) noexcept {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  }));
}

bool is_voice_name(std::string_view name) noexcept {
  constexpr std::string_view kMarks = "_-.:+() ";
  const auto fits = [&](char c) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    return letter || kMarks.find(c) != std::string_view::npos;
  };
  return !name.empty() && name.size() <= limits::kMaxSsmlNameBytes &&
         std::all_of(name.begin(), name.end(), fits) && name.find("..") == std::string_view::npos;
}

std::optional<RequestError> read_speech_members(const JsonValue& root, const RequestLimits& limits,
                                                SpeechRequest& request) {
  Members members(root);
  read_model(members, request);
  read_voice(members, limits, request);
  read_format(members, request);
  read_manner(members, request);
  return std::move(members).wrong();
}

std::optional<RequestError> read_speech_request(std::string_view body, const RequestLimits& limits,
                                                SpeechRequest& request) {
  const auto root = parse_json(body);
  if (!root)
    return RequestError{
        {ErrorCode::kInvalidArgument, "the body must be JSON: " + root.error().message}, ""};
  if (root->object() == nullptr)
    return RequestError{{ErrorCode::kInvalidArgument,
                         "the body must be a JSON object like {\"input\": \"Hello.\"}"},
                        ""};
  return read_speech_request(*root, limits, request);
}

std::optional<RequestError> read_speech_request(const JsonValue& root, const RequestLimits& limits,
                                                SpeechRequest& request) {
  Members members(root);
  read_input(members, limits, request);
  if (auto wrong = std::move(members).wrong()) return wrong;
  return read_speech_members(root, limits, request);
}

}  // namespace syrinx::server
