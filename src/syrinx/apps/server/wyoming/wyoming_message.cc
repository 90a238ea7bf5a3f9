// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/server/wyoming/wyoming_message.h"

#include <utility>

#include "syrinx/core/base/limits.h"

namespace syrinx::server::wyoming {
namespace {

Result<std::size_t> length_of(const JsonValue& root, const char* name, std::size_t most) {
  const JsonValue* value = root.find(name);
  if (value == nullptr || value->is_null()) return std::size_t{0};
  const auto length = value->count();
  if (!length)
    return make_error(ErrorCode::kCorruptData, "a Wyoming message has a '", name,
                      "' that is no count");
  if (*length > most)
    return make_error(ErrorCode::kLimitExceeded, "a Wyoming message has ", *length, " bytes of ",
                      name, " and may have ", most);
  return static_cast<std::size_t>(*length);
}

}  // namespace

// False until the whole line is there.
Result<bool> MessageReader::read_line() {
  const std::size_t end = buffer_.find('\n');
  if (end == std::string::npos && buffer_.size() <= limits::kMaxWyomingLineBytes) return false;
  if (end == std::string::npos || end > limits::kMaxWyomingLineBytes)
    return make_error(ErrorCode::kLimitExceeded, "a line of Wyoming is longer than ",
                      limits::kMaxWyomingLineBytes, " bytes");
  SYRINX_ASSIGN(const JsonValue root, parse_json(std::string_view(buffer_).substr(0, end)));
  buffer_.erase(0, end + 1);
  const JsonValue* type = root.find("type");
  if (type == nullptr || type->text() == nullptr)
    return make_error(ErrorCode::kCorruptData, "a Wyoming message has no 'type'");
  message_ = {*type->text(), JsonValue(JsonValue::Object{}), ""};
  if (const JsonValue* data = root.find("data"); data != nullptr && data->object() != nullptr)
    message_.data = *data;
  SYRINX_ASSIGN(data_bytes_, length_of(root, "data_length", limits::kMaxWyomingLineBytes));
  SYRINX_ASSIGN(payload_bytes_, length_of(root, "payload_length", limits::kMaxWyomingPayloadBytes));
  return true;
}

Result<void> MessageReader::read_data() {
  if (data_bytes_ == 0) return {};
  SYRINX_ASSIGN(message_.data, parse_json(std::string_view(buffer_).substr(0, data_bytes_)));
  if (message_.data.object() == nullptr)
    return make_error(ErrorCode::kCorruptData, "the data of a Wyoming message is no object");
  return {};
}

Result<std::optional<Message>> MessageReader::next() {
  if (!has_line_) {
    SYRINX_ASSIGN(has_line_, read_line());
  }
  if (!has_line_ || buffer_.size() < data_bytes_ + payload_bytes_) return std::optional<Message>();
  SYRINX_TRY(read_data());
  message_.payload = buffer_.substr(data_bytes_, payload_bytes_);
  buffer_.erase(0, data_bytes_ + payload_bytes_);
  has_line_ = false;
  return std::optional<Message>(std::exchange(message_, {}));
}

std::string message_text(std::string_view type, std::string_view data, std::string_view payload) {
  std::string text = "{\"type\":" + json_quoted(type) + ",\"version\":\"1.5.4\"";
  if (data != "{}") text += ",\"data_length\":" + std::to_string(data.size());
  if (!payload.empty()) text += ",\"payload_length\":" + std::to_string(payload.size());
  text += "}\n";
  if (data != "{}") text += data;
  return text.append(payload);
}

}  // namespace syrinx::server::wyoming
