// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "syrinx/apps/json/text_json.h"
#include "syrinx/apps/server/api/errors.h"
#include "syrinx/apps/server/api/handlers.h"
#include "syrinx/apps/server/api/one_step.h"
#include "syrinx/apps/server/speech/captions.h"
#include "syrinx/apps/server/speech/speech_request.h"
#include "syrinx/core/base/json.h"
#include "syrinx/engines/tts/text_reader.h"
#include "syrinx/engines/tts/text_source.h"
#include "syrinx/stages/text/alphabet/alphabet.h"

namespace syrinx::server {
namespace {

struct TextQuestion {
  std::string input;
  tts::TextOptions options;
};

// The text of a member, or what stands when it is absent.
Result<std::string> member(const JsonValue& root, const char* name, std::string otherwise) {
  const JsonValue* value = root.find(name);
  if (value == nullptr || value->is_null()) return otherwise;
  if (value->text() != nullptr) return *value->text();
  return make_error(ErrorCode::kInvalidArgument, "'", name, "' must be a string");
}

Result<TextQuestion> read_question(std::string_view body, const ServerOptions& options) {
  SYRINX_ASSIGN(const JsonValue root, parse_json(body));
  if (root.object() == nullptr)
    return make_error(ErrorCode::kInvalidArgument,
                      "the body must be a JSON object like {\"input\": \"It cost $5.\"}");
  TextQuestion question;
  SYRINX_ASSIGN(question.input, member(root, "input", ""));
  if (characters_of(question.input) > options.max_input_characters)
    return make_error(ErrorCode::kLimitExceeded, "'input' may have ", options.max_input_characters,
                      " characters; send it in parts");
  SYRINX_ASSIGN(question.options.language, member(root, "language", "en-US"));
  SYRINX_ASSIGN(const std::string set, member(root, "phonemes", "ipa"));
  const auto phonemes = text::phoneme_set_named(set);
  if (!phonemes)
    return make_error(ErrorCode::kInvalidArgument, "there are no phonemes '", set,
                      "'; there are: ipa arpabet kokoro x-sampa");
  question.options.phonemes = *phonemes;
  SYRINX_ASSIGN(const std::string kind, member(root, "input_type", "auto"));
  question.options.input = text::input_kind(kind);
  if (!question.options.input && kind != "auto")
    return make_error(ErrorCode::kInvalidArgument,
                      "'input_type' must be auto, plain, markdown, html, email, chat or ssml");
  return question;
}

Result<nlohmann::json> explain(TextQuestion question, const std::stop_token& gone) {
  SYRINX_ASSIGN(const auto front_end, tts::TextFrontEnd::create(question.options));
  SYRINX_ASSIGN(
      auto reader,
      tts::TextReader::open(front_end, tts::text_from_string(std::move(question.input)), gone));
  nlohmann::json sentences = nlohmann::json::array();
  tts::ReadSentence read;
  while (true) {
    SYRINX_ASSIGN(const bool more, reader.next(read, gone));
    if (!more) break;
    sentences.push_back(json::sentence_json(read));
  }
  return nlohmann::json{{"input", name_of(reader.input())},
                        {"language", front_end.options().language},
                        {"sentences", std::move(sentences)},
                        {"markup", json::markup_json(reader.script().report)}};
}

}  // namespace

void post_text(Core& core, const std::shared_ptr<Call>& call) {
  auto question = read_question(call->request().body, core.options);
  if (!question) return call->respond(error_response(question.error()));
  question->options.lexicons = core.lexicons;
  answer_later(core, call, [asked = std::move(*question)](const std::stop_token& gone) {
    const auto document = explain(asked, gone);
    if (!document) return error_response(document.error());
    http::Response response;
    response.body = json_line(*document);
    return response;
  });
}

}  // namespace syrinx::server
