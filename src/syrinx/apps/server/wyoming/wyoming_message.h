// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "syrinx/core/base/json.h"
#include "syrinx/core/base/result.h"

// The messages of Wyoming, the protocol of Home Assistant's voice services: a line of JSON, then
// "data_length" bytes of more JSON, then "payload_length" bytes of anything.
// github.com/rhasspy/wyoming
namespace syrinx::server::wyoming {

struct Message {
  std::string type;
  JsonValue data;  // An object; members of the line's "data" unless data_length bytes followed.
  std::string payload;
};

// Takes bytes as they come and hands out whole messages. One thread.
class MessageReader {
 public:
  // The next message, or nothing until more bytes come. Errors: kCorruptData for what is no
  // message; kLimitExceeded for one that is too long. After an error the connection is over.
  Result<std::optional<Message>> next();
  void add(std::string_view bytes) { buffer_ += bytes; }

 private:
  Result<bool> read_line();
  Result<void> read_data();

  std::string buffer_;
  bool has_line_ = false;
  Message message_;
  std::size_t data_bytes_ = 0;
  std::size_t payload_bytes_ = 0;
};

// `data` is JSON text of an object.
std::string message_text(std::string_view type, std::string_view data = "{}",
                         std::string_view payload = {});

}  // namespace syrinx::server::wyoming
