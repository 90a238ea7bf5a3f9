// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/acoustic/piper/piper_config.h"

#include <algorithm>

#include "syrinx/core/base/limits.h"
#include "syrinx/core/flow/characters.h"

namespace syrinx::acoustic {
namespace {

const JsonValue* find_in(const JsonValue& json, std::string_view outer, std::string_view inner) {
  const JsonValue* member = json.find(outer);
  return member == nullptr ? nullptr : member->find(inner);
}

std::string text_or(const JsonValue* value, std::string otherwise) {
  return value != nullptr && value->text() != nullptr ? *value->text() : std::move(otherwise);
}

double number_or(const JsonValue* value, double otherwise) {
  return value != nullptr ? value->number().value_or(otherwise) : otherwise;
}

std::u32string code_points(std::string_view text) {
  std::u32string codes;
  for (const Character& character : characters_of(text)) codes += character.code;
  return codes;
}

// "en_US" and "en-us" are "en-US".
std::string language_tag(std::string code) {
  std::replace(code.begin(), code.end(), '_', '-');
  const std::size_t dash = code.find('-');
  if (dash == std::string::npos || code.size() != dash + 3) return code;
  for (std::size_t i = dash + 1; i < code.size(); ++i) {
    if (code[i] >= 'a' && code[i] <= 'z') code[i] = static_cast<char>(code[i] - 'a' + 'A');
  }
  return code;
}

class ConfigReader {
 public:
  ConfigReader(const JsonValue& json, const std::string& name) : json_(json), name_(name) {}

  Result<PiperConfig> read() {
    SYRINX_TRY(read_sound());
    SYRINX_TRY(read_phonemes());
    SYRINX_TRY(read_ids());
    SYRINX_TRY(read_speakers());
    return std::move(config_);
  }

 private:
  template <class... Parts>
  Error wrong(const Parts&... parts) const {
    return make_error(ErrorCode::kCorruptData, name_,
                      " is not the settings of a Piper voice: ", parts...);
  }

  Result<void> read_sound() {
    const double rate = number_or(find_in(json_, "audio", "sample_rate"), 0);
    if (!(rate >= limits::kMinSampleRateHz && rate <= limits::kMaxSampleRateHz))
      return wrong("audio.sample_rate must be a rate in Hz, as 22050");
    config_.sample_rate_hz = static_cast<int>(rate);
    config_.hop_samples = number_or(json_.find("hop_length"), 256);
    config_.noise_scale = number_or(find_in(json_, "inference", "noise_scale"), 0.667);
    config_.length_scale = number_or(find_in(json_, "inference", "length_scale"), 1.0);
    config_.noise_w = number_or(find_in(json_, "inference", "noise_w"), 0.8);
    const auto is_sound = [](double value, double low, double high) {
      return value >= low && value <= high;
    };
    if (!is_sound(config_.noise_scale, 0, 10) || !is_sound(config_.noise_w, 0, 10) ||
        !is_sound(config_.length_scale, 0.05, 20) || !is_sound(config_.hop_samples, 1, 65'536))
      return wrong("a number of inference or hop_length is out of range");
    return {};
  }

  Result<void> read_phonemes() {
    const std::string type = text_or(json_.find("phoneme_type"), "espeak");
    config_.reads_letters = type == "text";
    if (type != "text" && type != "espeak")
      return make_error(ErrorCode::kUnsupported, name_, " has the phoneme_type '", type,
                        "'; voices of the types espeak and text can be spoken");
    const std::string voice = text_or(find_in(json_, "espeak", "voice"), "en-us");
    if (!config_.reads_letters) config_.espeak_voice = voice;
    config_.language = language_tag(text_or(find_in(json_, "language", "code"), voice));
    return {};
  }

  Result<void> read_ids() {
    const JsonValue* map = json_.find("phoneme_id_map");
    if (map == nullptr || map->object() == nullptr) return wrong("it has no phoneme_id_map");
    for (const JsonMember& member : *map->object()) {
      const std::u32string key = code_points(member.key);
      if (key.size() != 1) continue;  // Never asked for: symbols are characters.
      SYRINX_ASSIGN(config_.ids[key[0]], ids_of(member));
    }
    for (const char32_t needed : U"^_$") {
      if (needed != 0 && !config_.ids.contains(needed))
        return wrong("its phoneme_id_map lacks '", utf8_of(needed), "'");
    }
    return read_replaced();
  }

  Result<std::vector<std::int64_t>> ids_of(const JsonMember& member) const {
    const JsonValue::Array* list = member.value.array();
    if (list == nullptr || list->empty() || list->size() > limits::kMaxIdsOfSymbol)
      return wrong("the ids of '", member.key, "' must be a list of 1 to ", limits::kMaxIdsOfSymbol,
                   " numbers");
    std::vector<std::int64_t> ids;
    for (const JsonValue& value : *list) {
      if (!value.count()) return wrong("an id of '", member.key, "' is not a whole number");
      ids.push_back(static_cast<std::int64_t>(*value.count()));
    }
    return ids;
  }

  Result<void> read_replaced() {
    const JsonValue* map = json_.find("phoneme_map");
    if (map == nullptr || map->object() == nullptr) return {};
    for (const JsonMember& member : *map->object()) {
      const std::u32string key = code_points(member.key);
      const JsonValue::Array* list = member.value.array();
      if (key.size() != 1 || list == nullptr || list->size() > limits::kMaxIdsOfSymbol)
        return wrong("phoneme_map must give lists of symbols for single symbols");
      std::u32string& instead = config_.replaced[key[0]];
      for (const JsonValue& value : *list) instead += code_points(text_or(&value, ""));
    }
    return {};
  }

  Result<void> read_speakers() {
    const double count = number_or(json_.find("num_speakers"), 1);
    if (!(count >= 0 && count <= static_cast<double>(limits::kMaxSpeakers)))
      return make_error(ErrorCode::kLimitExceeded, name_, " has ", count, " speakers; at most ",
                        limits::kMaxSpeakers, " are taken");
    config_.speakers = std::max<std::size_t>(1, static_cast<std::size_t>(count));
    const JsonValue* map = json_.find("speaker_id_map");
    if (map == nullptr || map->object() == nullptr) return {};
    for (const JsonMember& member : *map->object()) {
      const auto id = member.value.count();
      if (!id || *id >= config_.speakers || member.key.empty() ||
          member.key.size() > limits::kMaxVoiceNameBytes)
        return wrong("the speaker '", member.key.substr(0, 60), "' needs a number below ",
                     config_.speakers);
      config_.speaker_ids.emplace_back(member.key, static_cast<std::int64_t>(*id));
    }
    return {};
  }

  const JsonValue& json_;
  const std::string& name_;
  PiperConfig config_;
};

}  // namespace

Result<PiperConfig> read_piper_config(const JsonValue& json, const std::string& name) {
  return ConfigReader(json, name).read();
}

}  // namespace syrinx::acoustic
