// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/server/api/stream_message.h"

#include <utility>

#include "syrinx/core/base/json.h"

namespace syrinx::server {
namespace {

Result<StreamMessage> text_of(const JsonValue& root) {
  const JsonValue* text = root.find("text");
  if (text == nullptr || text->text() == nullptr)
    return make_error(ErrorCode::kInvalidArgument, "a message of type 'text' has a string 'text'");
  return StreamMessage{StreamMessage::Kind::kText, *text->text(), {}};
}

StreamMessage stop_of(const JsonValue& root) {
  StreamMessage message{StreamMessage::Kind::kStop, "", {}};
  if (const JsonValue* played = root.find("played_s")) message.played_s = played->number();
  return message;
}

}  // namespace

Result<void> read_stream_start(std::string_view message, const RequestLimits& limits,
                               SpeechRequest& request) {
  SpeechRequest chosen;
  SYRINX_ASSIGN(const JsonValue root, parse_json(message));
  const bool names_format = root.find("response_format") != nullptr;
  // The members are those of a request for speech, but for its input.
  if (auto wrong = read_speech_members(root, limits, chosen)) return std::move(wrong->error);
  if (!names_format) {
    SYRINX_ASSIGN(chosen.format, speech_format("pcm", chosen.format.sample_rate_hz));
  }
  request = std::move(chosen);
  return {};
}

Result<StreamMessage> read_stream_message(std::string_view message, const RequestLimits& limits,
                                          SpeechRequest& request) {
  const auto root = parse_json(message);
  if (!root)
    return make_error(ErrorCode::kInvalidArgument,
                      "a message must be JSON: ", root.error().message);
  const JsonValue* type = root->find("type");
  const std::string kind = type != nullptr && type->text() != nullptr ? *type->text() : "";
  if (kind == "text") return text_of(*root);
  if (kind == "flush") return StreamMessage{StreamMessage::Kind::kFlush, "", {}};
  if (kind == "end") return StreamMessage{StreamMessage::Kind::kEnd, "", {}};
  if (kind == "stop") return stop_of(*root);
  if (kind != "start")
    return make_error(ErrorCode::kInvalidArgument,
                      "a message has a 'type': start, text, flush, stop or end");
  SYRINX_TRY(read_stream_start(message, limits, request));
  return StreamMessage{StreamMessage::Kind::kStart, "", {}};
}

}  // namespace syrinx::server
