// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/server/speech/speech_cache.h"

#include <nlohmann/json.hpp>

#include "syrinx/core/base/log.h"
#include "syrinx/core/base/sha256.h"
#include "syrinx/engines/tts/text_reader.h"
#include "syrinx/engines/tts/text_source.h"
#include "syrinx/engines/tts/voice_models.h"

namespace syrinx::server {
namespace {

// Another number when answers of the same request become others by a change of the program that
// neither the pronunciations nor the version tell.
constexpr std::string_view kGeneration = "1";

class KeyMaker {
 public:
  // Every part with its length, so that no two lists of parts look alike.
  void add(std::string_view part) {
    const std::string length = std::to_string(part.size()) + ":";
    hash_.update(std::as_bytes(std::span(length)));
    hash_.update(std::as_bytes(std::span(part)));
  }
  void add(double number) { add(std::string_view(std::to_string(number))); }
  std::string key() { return hash_.hex(); }

 private:
  Sha256 hash_;
};

std::string text_of(const CaptionParts& parts) {
  std::string text;
  for (const bool part : {parts.words, parts.phonemes, parts.characters, parts.visemes})
    text += part ? '1' : '0';
  return text;
}

Result<void> add_reading(KeyMaker& maker, const SpeechRequest& request,
                         const std::shared_ptr<text::LexiconStack>& lexicons,
                         const std::stop_token& stop) {
  tts::TextOptions options;
  options.input = request.input_kind;
  options.lexicons = lexicons;
  SYRINX_ASSIGN(const auto front_end, tts::TextFrontEnd::create(options));
  SYRINX_ASSIGN(auto reader,
                tts::TextReader::open(front_end, tts::text_from_string(request.input), stop));
  tts::ReadSentence sentence;
  for (;;) {
    SYRINX_ASSIGN(const bool more, reader.next(sentence, stop));
    if (!more) return {};
    for (const SpokenToken& token : sentence.tokens) {
      for (const SpokenWord& word : token.words)
        maker.add(word.pronunciation ? word.pronunciation->symbols : word.text);
    }
  }
}

}  // namespace

Result<std::string> SpeechCache::key_of(const SpeechRequest& request, std::string_view form,
                                        const std::shared_ptr<text::LexiconStack>& lexicons,
                                        const std::stop_token& stop) {
  KeyMaker maker;
  maker.add(kGeneration);
  maker.add(SYRINX_VERSION);
  maker.add(form);
  maker.add(request.model);
  maker.add(request.voice);
  maker.add(request.format.name);
  maker.add(static_cast<double>(request.format.sample_rate_hz.value_or(0)));
  maker.add(request.prosody.rate);
  maker.add(request.prosody.pitch_semitones);
  maker.add(request.prosody.volume_db);
  maker.add(request.emotion);
  if (form == "captions") maker.add(text_of(request.parts));
  maker.add(request.input_kind ? static_cast<double>(*request.input_kind) : -1.0);
  maker.add(request.input);
  maker.add(tts::models_stamp());  // A model that is replaced speaks otherwise under its name.
  SYRINX_TRY(add_reading(maker, request, lexicons, stop));
  return maker.key();
}

std::optional<http::Response> SpeechCache::find(std::string_view key) {
  auto kept = results_.find(key);
  if (!kept) return std::nullopt;
  const auto about = nlohmann::json::parse(kept->about, nullptr, false);
  if (!about.is_object()) return std::nullopt;
  http::Response answer;
  answer.content_type = about.value("content_type", "");
  const auto fields = about.value("fields", nlohmann::json::object());
  for (const auto& [name, value] : fields.items())
    answer.fields.push_back({name, value.get<std::string>()});
  answer.body = std::move(kept->bytes);
  return answer;
}

void SpeechCache::put(std::string_view key, const http::Response& answer) {
  nlohmann::json fields = nlohmann::json::object();
  for (const http::Field& field : answer.fields) fields[field.name] = field.value;
  const nlohmann::json about = {{"content_type", answer.content_type}, {"fields", fields}};
  const auto kept = results_.put(key, answer.body, about.dump());
  if (!kept) log(LogLevel::kWarning, "an answer was not kept: " + kept.error().message);
}

std::optional<http::Response> RecordingExchange::answer() const {
  if (!whole_ || !usable_ || copy_.status != 200) return std::nullopt;
  return copy_;
}

void RecordingExchange::begin(http::Response head) {
  copy_ = head;
  to_->begin(std::move(head));
}

void RecordingExchange::write(std::string bytes) {
  usable_ = usable_ && copy_.body.size() + bytes.size() <= most_bytes_;
  if (usable_) {
    copy_.body += bytes;
  } else {
    copy_.body = {};
  }
  to_->write(std::move(bytes));
}

void RecordingExchange::end() {
  whole_ = true;
  to_->end();
}

void RecordingExchange::abort() {
  usable_ = false;
  to_->abort();
}

}  // namespace syrinx::server
