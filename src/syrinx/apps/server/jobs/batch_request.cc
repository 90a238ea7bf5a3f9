// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/server/jobs/batch_request.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "syrinx/apps/server/jobs/reading_request.h"
#include "syrinx/core/base/json.h"

namespace syrinx::server {
namespace {

constexpr std::string_view kSpeechUrl = "/v1/audio/speech";
constexpr std::string_view kCaptionsUrl = "/v1/audio/speech/captioned";

RequestError wrong(std::string param, std::string sentence) {
  return {{ErrorCode::kInvalidArgument, param + ": " + sentence}, std::move(param)};
}

bool is_custom_id(std::string_view id) {
  return !id.empty() && id.size() <= kMaxCustomIdBytes &&
         std::all_of(id.begin(), id.end(), [](char c) { return c > 0x20 && c < 0x7F; });
}

// The body with its voice by its own name, so that what is said does not change with the settings.
std::string body_text(const JsonValue& body, const SpeechRequest& request) {
  JsonValue::Object members;
  for (const JsonMember& member : *body.object()) {
    if (member.key != "voice") members.push_back(member);
  }
  members.push_back({"voice", JsonValue(request.voice)});
  return json_text(JsonValue(std::move(members)));
}

class Reader {
 public:
  Reader(const BatchRequestLimits& limits, NewBatch& batch) : limits_(limits), batch_(batch) {}

  std::optional<RequestError> read_lines(std::string_view text) {
    for (std::size_t line = 1; !text.empty(); ++line) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      const std::string_view one = text.substr(0, end);
      text.remove_prefix(std::min(end + 1, text.size()));
      if (one.find_first_not_of(" \t\r") == std::string_view::npos) continue;
      const std::string place = "line " + std::to_string(line);
      const auto root = parse_json(one);
      if (!root) return wrong(place, "is no JSON: " + root.error().message);
      if (auto error = add(*root, place)) return error;
    }
    return at_end();
  }

  std::optional<RequestError> read_document(const JsonValue& root) {
    if (auto error = read_metadata(root)) return error;
    const JsonValue* requests = root.find("requests");
    if (requests == nullptr) return read_long_text(root);
    if (requests->array() == nullptr) return wrong("requests", "must be a list");
    std::size_t index = 0;
    for (const JsonValue& request : *requests->array()) {
      if (auto error = add(request, "requests[" + std::to_string(index++) + "]")) return error;
    }
    return at_end();
  }

 private:
  std::optional<RequestError> at_end() const {
    if (batch_.items.empty()) return wrong("requests", "there are none; one at least is needed");
    return std::nullopt;
  }

  std::optional<RequestError> read_metadata(const JsonValue& root) {
    const JsonValue* metadata = root.find("metadata");
    if (metadata == nullptr || metadata->is_null()) return std::nullopt;
    const auto fits = [](const JsonMember& member) {
      return member.key.size() <= 64 && member.value.text() != nullptr &&
             member.value.text()->size() <= 512;
    };
    const auto* members = metadata->object();
    if (members == nullptr || members->size() > kMaxBatchMetadata ||
        !std::all_of(members->begin(), members->end(), fits))
      return wrong("metadata",
                   "must be an object of at most 16 texts of 512 bytes under names of 64");
    batch_.metadata = json_text(*metadata);
    return std::nullopt;
  }

  // One request, wrapped as OpenAI's batches have it or bare.
  std::optional<RequestError> add(const JsonValue& value, const std::string& place) {
    if (value.object() == nullptr) return wrong(place, "must be a JSON object");
    if (batch_.items.size() >= limits_.max_items)
      return wrong(place, "is one more than the " + std::to_string(limits_.max_items) +
                              " that a batch may have; send two batches");
    BatchItem item;
    item.number = batch_.items.size();
    item.form = "audio";
    const JsonValue* body = value.find("body");
    if (auto error = read_wrapping(value, place, item)) return error;
    if (auto error = read_body(body == nullptr ? value : *body, place, item)) return error;
    batch_.items.push_back(std::move(item));
    return std::nullopt;
  }

  std::optional<RequestError> read_wrapping(const JsonValue& value, const std::string& place,
                                            BatchItem& item) {
    item.custom_id = std::to_string(item.number);
    if (const JsonValue* id = value.find("custom_id"); id != nullptr) {
      if (id->text() == nullptr || !is_custom_id(*id->text()))
        return wrong(place + ".custom_id",
                     "must be a text of 1 to 64 printable characters of ASCII without spaces");
      item.custom_id = *id->text();
    }
    if (!custom_ids_.insert(item.custom_id).second)
      return wrong(place + ".custom_id", "'" + item.custom_id + "' is another request's too");
    const JsonValue* method = value.find("method");
    if (method != nullptr && (method->text() == nullptr || *method->text() != "POST"))
      return wrong(place + ".method", "must be POST");
    const JsonValue* url = value.find("url");
    if (url == nullptr) return std::nullopt;
    if (url->text() != nullptr && *url->text() == kCaptionsUrl) item.form = "captions";
    if (url->text() == nullptr || (*url->text() != kSpeechUrl && *url->text() != kCaptionsUrl))
      return wrong(place + ".url", "must be /v1/audio/speech or /v1/audio/speech/captioned");
    return std::nullopt;
  }

  std::optional<RequestError> read_body(const JsonValue& body, const std::string& place,
                                        BatchItem& item) {
    if (body.object() == nullptr) return wrong(place + ".body", "must be a JSON object");
    SpeechRequest request;
    if (auto error = read_speech_request(body, limits_.request, request)) {
      error->param = error->param.empty() ? place : place + "." + error->param;
      error->error.message = error->param + ": " + error->error.message;
      return error;
    }
    if (request.events && item.form == "audio") item.form = "events";
    item.characters = characters_of(request.input);
    characters_ += item.characters;
    if (characters_ > limits_.max_characters)
      return wrong(place, "with it the texts have more than the " +
                              std::to_string(limits_.max_characters) +
                              " characters that a batch may have; send two batches");
    item.body = body_text(body, request);
    return std::nullopt;
  }

  std::optional<RequestError> read_long_text(const JsonValue& root) {
    if (root.find("input") == nullptr)
      return wrong("requests",
                   "is missing; give a list of requests, or \"input\" with one long text");
    RequestLimits limits = limits_.request;
    limits.max_characters = limits_.max_characters;
    ReadingRequest reading;
    if (auto error = read_reading_request(root, limits, reading)) return error;
    BatchItem item;
    item.custom_id = "0";
    item.form = "reading";
    item.characters = characters_of(reading.speech.input);
    item.body = body_text(root, reading.speech);
    batch_.kind = BatchKind::kReading;
    batch_.items.push_back(std::move(item));
    return std::nullopt;
  }

  const BatchRequestLimits& limits_;
  NewBatch& batch_;
  std::set<std::string> custom_ids_;
  std::size_t characters_ = 0;
};

// Whether the first line alone is a request, and no whole batch: it is wrapped, or others follow.
bool is_lines(std::string_view body) {
  const std::size_t from = std::min(body.find_first_not_of(" \t\r\n"), body.size());
  const std::size_t end = std::min(body.find('\n', from), body.size());
  const auto first = parse_json(body.substr(from, end - from));
  if (!first || first->object() == nullptr || first->find("requests") != nullptr) return false;
  return first->find("body") != nullptr || first->find("custom_id") != nullptr ||
         body.find_first_not_of(" \t\r\n", end) != std::string_view::npos;
}

}  // namespace

std::optional<RequestError> read_batch_request(std::string_view body,
                                               const BatchRequestLimits& limits, NewBatch& batch) {
  batch = NewBatch{};
  Reader reader(limits, batch);
  if (is_lines(body)) return reader.read_lines(body);
  const auto root = parse_json(body);
  if (!root)
    return RequestError{{ErrorCode::kInvalidArgument,
                         "the body must be JSON, or lines of it: " + root.error().message},
                        ""};
  if (root->object() == nullptr)
    return RequestError{
        {ErrorCode::kInvalidArgument,
         "the body must be an object with \"requests\" or \"input\", or lines with a request each"},
        ""};
  return reader.read_document(*root);
}

}  // namespace syrinx::server
