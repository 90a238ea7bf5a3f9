// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/tts/spoken_record.h"

#include <cmath>
#include <optional>
#include <span>

#include "syrinx/core/base/json.h"
#include "syrinx/core/base/sha256.h"

namespace syrinx::tts {
namespace {

constexpr std::size_t kDigits = 16;
constexpr double kMicrosecond = 1e-6;

std::string checksum(std::string_view text) {
  return sha256_hex(std::as_bytes(std::span(text))).substr(0, kDigits);
}

// Times are kept in whole microseconds: what is read back is what was written.
std::string micros(double seconds) { return std::to_string(std::llround(seconds / kMicrosecond)); }

std::string words_text(const std::vector<RecordedWord>& words) {
  std::string list;
  for (const RecordedWord& word : words) {
    list += (list.empty() ? "[" : ",[") + std::to_string(word.begin) + "," +
            std::to_string(word.end) + "," + std::to_string(word.source.begin) + "," +
            std::to_string(word.source.end) + "," + micros(word.begin_s) + "," +
            micros(word.end_s) + "]";
  }
  return list;
}

Error broken() {
  return make_error(ErrorCode::kCorruptData, "a line of the job's journal is not what was written");
}

// Reads members of one object, remembering whether any was missing.
class Members {
 public:
  explicit Members(const JsonValue& object) : object_(object) {}
  std::uint64_t count(const char* key) {
    const JsonValue* value = object_.find(key);
    const auto number = value != nullptr ? value->count() : std::nullopt;
    complete_ = complete_ && number;
    return number.value_or(0);
  }
  std::string text(const char* key) {
    const JsonValue* value = object_.find(key);
    const std::string* found = value != nullptr ? value->text() : nullptr;
    complete_ = complete_ && found != nullptr;
    return found != nullptr ? *found : std::string();
  }
  bool complete() const noexcept { return complete_; }

 private:
  const JsonValue& object_;
  bool complete_ = true;
};

std::optional<RecordedWord> word_of(const JsonValue& value) {
  const auto* fields = value.array();
  if (fields == nullptr || fields->size() != 6) return std::nullopt;
  std::uint64_t numbers[6]{};
  for (std::size_t i = 0; i < 6; ++i) {
    const auto number = (*fields)[i].count();
    if (!number) return std::nullopt;
    numbers[i] = *number;
  }
  return RecordedWord{numbers[0],
                      numbers[1],
                      {numbers[2], numbers[3]},
                      static_cast<double>(numbers[4]) * kMicrosecond,
                      static_cast<double>(numbers[5]) * kMicrosecond};
}

}  // namespace

std::string line_of(const SpokenRecord& record) {
  const std::string body = "{\"pause\":" + std::to_string(record.pause_frames) +
                           ",\"frames\":" + std::to_string(record.frames) +
                           ",\"sound\":" + json_quoted(record.sound_digest) +
                           ",\"voice\":" + json_quoted(record.voice) +
                           ",\"speaker\":" + json_quoted(record.speaker) +
                           ",\"document\":" + std::to_string(record.document) +
                           ",\"skipped\":" + std::to_string(record.skipped) +
                           ",\"begins\":" + std::to_string(record.begins_chapter ? 1 : 0) +
                           ",\"names\":" + std::to_string(record.names_chapter ? 1 : 0) +
                           ",\"chapter\":" + json_quoted(record.chapter_title) +
                           ",\"text\":" + json_quoted(record.text) +
                           ",\"begin\":" + std::to_string(record.source.begin) +
                           ",\"end\":" + std::to_string(record.source.end) + ",\"words\":[" +
                           words_text(record.words) + "]}";
  return checksum(body) + " " + body;
}

Result<SpokenRecord> parse_record(std::string_view line) {
  const bool framed = line.size() > kDigits + 1 && line[kDigits] == ' ';
  if (!framed || checksum(line.substr(kDigits + 1)) != line.substr(0, kDigits)) return broken();
  const auto parsed = parse_json(line.substr(kDigits + 1));
  if (!parsed) return broken();
  Members members(*parsed);
  SpokenRecord record;
  record.pause_frames = members.count("pause");
  record.frames = members.count("frames");
  record.sound_digest = members.text("sound");
  record.voice = members.text("voice");
  record.speaker = members.text("speaker");
  record.document = members.count("document");
  record.skipped = members.count("skipped");
  record.begins_chapter = members.count("begins") != 0;
  record.names_chapter = members.count("names") != 0;
  record.chapter_title = members.text("chapter");
  record.text = members.text("text");
  record.source = {members.count("begin"), members.count("end")};
  const JsonValue* words = parsed->find("words");
  if (!members.complete() || words == nullptr || words->array() == nullptr) return broken();
  for (const JsonValue& value : *words->array()) {
    const auto word = word_of(value);
    if (!word || word->begin > word->end || word->end > record.text.size()) return broken();
    record.words.push_back(*word);
  }
  return record;
}

}  // namespace syrinx::tts
