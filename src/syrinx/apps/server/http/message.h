// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "syrinx/core/base/result.h"

// A request and a response as HTTP/1.1 (RFC 9112) carries them, without how it does.
namespace syrinx::server::http {

struct Field {
  std::string name;
  std::string value;
};

struct Request {
  std::string method;  // "GET"
  std::string path;    // Decoded, from '/' on, without the query.
  std::string query;   // As sent, without '?'.
  std::vector<Field> fields;
  std::string body;
  std::string peer;  // The client's address, without its port.
  bool tls = false;

  // The first field of that name, in any letter case; nullptr without one.
  const std::string* field(std::string_view name) const noexcept;
  // A parameter of the query, decoded; nothing without one.
  std::optional<std::string> parameter(std::string_view name) const;
};

struct Response {
  int status = 200;
  std::string content_type = "application/json";
  std::vector<Field> fields;
  std::string body;
};

// "%2F" and the like become bytes; with `plus_is_space` also '+'. Error: kInvalidArgument for a
// broken escape or a NUL byte.
Result<std::string> percent_decoded(std::string_view text, bool plus_is_space);

// Takes a request's target apart into `path` and `query`. Errors: kInvalidArgument for what is no
// absolute path, has a broken escape, or climbs by "..".
Result<void> split_target(std::string_view target, Request& request);

// "Too Many Requests"
std::string_view reason_of(int status) noexcept;

// RFC 4648, 4: with padding.
std::string base64(std::string_view bytes);

}  // namespace syrinx::server::http
