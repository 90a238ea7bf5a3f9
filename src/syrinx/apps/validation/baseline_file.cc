// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <nlohmann/json.hpp>
#include <sstream>

#include "syrinx/apps/validation/baseline.h"
#include "syrinx/core/base/limits.h"
#include "syrinx/core/io/json/json_file.h"

namespace syrinx::validation {
namespace {

constexpr const char* kKind = "syrinx_voice_baseline";
constexpr double kFormat = 1;

// Reads the members of one object, and names what is wrong with it.
class Members {
 public:
  Members(const JsonValue& json, std::string place) : json_(json), place_(std::move(place)) {}

  Result<Members> object(const char* key) const {
    const JsonValue* value = json_.find(key);
    if (value != nullptr && value->object() != nullptr) return Members(*value, place_ + "." + key);
    return wrong(key, "an object");
  }
  Result<std::string> text(const char* key) const {
    const JsonValue* value = json_.find(key);
    if (value != nullptr && value->text() != nullptr) return *value->text();
    return wrong(key, "a text");
  }
  Result<double> number(const char* key, double most) const {
    const JsonValue* value = json_.find(key);
    const auto number = value == nullptr ? std::nullopt : value->number();
    if (number && *number >= 0 && *number <= most) return *number;
    std::ostringstream what;
    what << "a number from 0 to " << most;
    return wrong(key, what.str());
  }
  // Null where the figure was not measured.
  Result<std::optional<double>> number_or_null(const char* key, double most) const {
    const JsonValue* value = json_.find(key);
    if (value != nullptr && value->is_null()) return std::optional<double>();
    SYRINX_ASSIGN(const double number, this->number(key, most));
    return std::optional(number);
  }
  const JsonValue& json() const { return json_; }
  const std::string& place() const { return place_; }

 private:
  Error wrong(const char* key, const std::string& what) const {
    return make_error(ErrorCode::kCorruptData, place_, ".", key, " must be ", what,
                      "; write a new baseline with --update, or put it right");
  }

  const JsonValue& json_;
  std::string place_;
};

constexpr double kMostWordErrorRate = 1e6;  // Insertions may be many.
constexpr double kMostMos = 5.0;
constexpr double kMostWordsPerMinute = 1e6;

Result<Figures> read_figures(const Members& members) {
  Figures figures;
  SYRINX_ASSIGN(figures.word_error_rate, members.number("word_error_rate", kMostWordErrorRate));
  SYRINX_ASSIGN(figures.dnsmos_overall, members.number_or_null("dnsmos_overall", kMostMos));
  SYRINX_ASSIGN(figures.artifact_share, members.number("artifact_share", 1.0));
  SYRINX_ASSIGN(figures.words_per_minute, members.number("words_per_minute", kMostWordsPerMinute));
  return figures;
}

Result<Tolerances> read_tolerances(const Members& members) {
  Tolerances tolerances;
  SYRINX_ASSIGN(tolerances.word_error_rate, members.number("word_error_rate", kMostWordErrorRate));
  SYRINX_ASSIGN(tolerances.dnsmos_overall, members.number("dnsmos_overall", kMostMos));
  SYRINX_ASSIGN(tolerances.artifact_share, members.number("artifact_share", 1.0));
  SYRINX_ASSIGN(tolerances.words_per_minute,
                members.number("words_per_minute", kMostWordsPerMinute));
  return tolerances;
}

Result<std::map<std::string, Figures>> read_voices(const Members& members) {
  const JsonValue::Object& object = *members.json().object();
  if (object.size() > limits::kMaxSpeakers)
    return make_error(ErrorCode::kLimitExceeded, members.place(), " has ", object.size(),
                      " voices, but may have ", limits::kMaxSpeakers);
  std::map<std::string, Figures> voices;
  for (const JsonMember& member : object) {
    SYRINX_ASSIGN(const Members voice, members.object(member.key.c_str()));
    SYRINX_ASSIGN(voices[member.key], read_figures(voice));
  }
  return voices;
}

double rounded(double value) { return std::round(value * 1e6) / 1e6; }

nlohmann::json to_json(const Figures& figures) {
  nlohmann::json dnsmos;
  if (figures.dnsmos_overall) dnsmos = rounded(*figures.dnsmos_overall);
  return {{"word_error_rate", rounded(figures.word_error_rate)},
          {"dnsmos_overall", dnsmos},
          {"artifact_share", rounded(figures.artifact_share)},
          {"words_per_minute", rounded(figures.words_per_minute)}};
}

nlohmann::json to_json(const Tolerances& tolerances) {
  return {{"word_error_rate", tolerances.word_error_rate},
          {"dnsmos_overall", tolerances.dnsmos_overall},
          {"artifact_share", tolerances.artifact_share},
          {"words_per_minute", tolerances.words_per_minute}};
}

}  // namespace

Result<Baseline> read_baseline(const JsonValue& json, const std::string& name) {
  const Members members(json, name);
  SYRINX_ASSIGN(const double format, members.number(kKind, 1e9));
  if (format != kFormat)
    return make_error(ErrorCode::kUnsupported, name, " is a baseline of format ", format,
                      ", but this program reads format ", kFormat);
  Baseline baseline;
  SYRINX_ASSIGN(baseline.program, members.text("program"));
  SYRINX_ASSIGN(baseline.recogniser, members.text("recogniser"));
  SYRINX_ASSIGN(const Members texts, members.object("texts"));
  SYRINX_ASSIGN(baseline.texts_name, texts.text("name"));
  SYRINX_ASSIGN(baseline.texts_sha256, texts.text("sha256"));
  SYRINX_ASSIGN(const double sentences, texts.number("sentences", 1e9));
  baseline.sentences = static_cast<std::size_t>(sentences);
  SYRINX_ASSIGN(const Members tolerances, members.object("tolerances"));
  SYRINX_ASSIGN(baseline.tolerances, read_tolerances(tolerances));
  SYRINX_ASSIGN(const Members voices, members.object("voices"));
  SYRINX_ASSIGN(baseline.voices, read_voices(voices));
  return baseline;
}

Result<Baseline> load_baseline(const std::filesystem::path& path) {
  const auto json = io::read_json_file(path);
  if (json) return read_baseline(*json, path.string());
  if (json.error().code != ErrorCode::kNotFound) return json.error();
  return make_error(ErrorCode::kNotFound, "there is no baseline ", path.string(),
                    "; --update makes one");
}

std::string baseline_text(const Baseline& baseline) {
  nlohmann::json voices = nlohmann::json::object();
  for (const auto& [voice, figures] : baseline.voices) voices[voice] = to_json(figures);
  const nlohmann::json document = {{kKind, kFormat},
                                   {"program", baseline.program},
                                   {"recogniser", baseline.recogniser},
                                   {"texts",
                                    {{"name", baseline.texts_name},
                                     {"sha256", baseline.texts_sha256},
                                     {"sentences", baseline.sentences}}},
                                   {"tolerances", to_json(baseline.tolerances)},
                                   {"voices", voices}};
  return document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace syrinx::validation
