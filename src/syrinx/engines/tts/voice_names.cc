// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/tts/voice_names.h"

#include <cstdlib>
#include <utility>

#include "syrinx/core/base/limits.h"
#include "syrinx/core/io/json/json_file.h"
#include "syrinx/stages/acoustic/speech_model.h"

namespace syrinx::tts {
namespace {

struct NumberMember {
  std::string_view key;
  double Prosody::*value;
  double least;
  double most;
};
constexpr NumberMember kNumbers[] = {
    {"rate", &Prosody::rate, acoustic::kMinRate, acoustic::kMaxRate},
    {"pitch_semitones", &Prosody::pitch_semitones, -acoustic::kMaxPitchSemitones,
     acoustic::kMaxPitchSemitones},
    {"volume_db", &Prosody::volume_db, -60, 24},
};

Result<void> read_member(NamedVoice& voice, const JsonMember& member, const std::string& where) {
  if (member.key == "voice") {
    const std::string* text = member.value.text();
    if (text == nullptr || text->empty() || text->size() > limits::kMaxVoiceNameBytes)
      return make_error(ErrorCode::kCorruptData, where, ": voice must be the name of a voice");
    voice.voice = *text;
    return {};
  }
  for (const NumberMember& number : kNumbers) {
    if (member.key != number.key) continue;
    const auto value = member.value.number();
    if (!value || !(*value >= number.least && *value <= number.most))
      return make_error(ErrorCode::kInvalidArgument, where, ": ", number.key,
                        " must be a number from ", number.least, " to ", number.most);
    voice.prosody.*number.value = *value;
    return {};
  }
  return make_error(ErrorCode::kInvalidArgument, where, " has the member '", member.key,
                    "'; there are voice, rate, pitch_semitones and volume_db");
}

}  // namespace

Result<std::vector<NamedVoice>> read_named_voices(const JsonValue& json, const std::string& name) {
  const JsonValue* list = json.find("voices");
  if (list == nullptr || list->object() == nullptr)
    return make_error(ErrorCode::kCorruptData, name,
                      " must be an object with the member voices, as {\"voices\": {\"narrator\": "
                      "{\"voice\": \"slt\", \"rate\": 0.9}}}");
  std::vector<NamedVoice> voices;
  for (const JsonMember& entry : *list->object()) {
    const std::string where = name + ", voice '" + entry.key.substr(0, 60) + "'";
    if (entry.key.empty() || entry.key.size() > limits::kMaxVoiceNameBytes ||
        entry.value.object() == nullptr)
      return make_error(ErrorCode::kCorruptData, where, " must be a name with an object");
    NamedVoice voice{entry.key, entry.key, {}};
    for (const JsonMember& member : *entry.value.object())
      SYRINX_TRY(read_member(voice, member, where));
    voices.push_back(std::move(voice));
  }
  return voices;
}

std::filesystem::path named_voices_file() {
  const auto environment = [](const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? std::string() : std::string(value);
  };
  if (const std::string given = environment("SYRINX_VOICES"); !given.empty()) return given;
  if (const std::string config = environment("XDG_CONFIG_HOME"); !config.empty())
    return std::filesystem::path(config) / "syrinx/voices.json";
  const std::string home = environment("HOME");
  return home.empty() ? std::filesystem::path()
                      : std::filesystem::path(home) / ".config/syrinx/voices.json";
}

Result<std::vector<NamedVoice>> named_voices() {
  const std::filesystem::path file = named_voices_file();
  std::error_code failed;
  if (file.empty() || !std::filesystem::exists(file, failed)) return std::vector<NamedVoice>();
  SYRINX_ASSIGN(const JsonValue json, io::read_json_file(file));
  return read_named_voices(json, file.string());
}

const std::vector<FamousVoice>& famous_voices() {
  // Where Kokoro has a voice of the same name it is that one; else one of the same kind.
  static const std::vector<FamousVoice> voices = {
      {"alloy", {"af_alloy", "af_heart", "slt"}},
      {"ash", {"am_adam", "rms"}},
      {"ballad", {"bm_george", "awb"}},
      {"coral", {"af_bella", "slt"}},
      {"echo", {"am_echo", "am_adam", "rms"}},
      {"fable", {"bm_fable", "bm_george", "awb"}},
      {"onyx", {"am_onyx", "am_adam", "rms"}},
      {"nova", {"af_nova", "af_heart", "slt"}},
      {"sage", {"af_sarah", "af_heart", "slt"}},
      {"shimmer", {"af_sky", "af_bella", "slt"}},
      {"verse", {"am_puck", "am_adam", "rms"}},
      {"marin", {"af_heart", "slt"}},
      {"cedar", {"am_michael", "am_adam", "rms"}},
  };
  return voices;
}

}  // namespace syrinx::tts
