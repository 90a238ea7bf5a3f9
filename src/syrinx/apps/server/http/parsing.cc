// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/server/http/parsing.h"

#include <boost/beast/http/error.hpp>
#include <boost/beast/http/rfc7230.hpp>

#include "syrinx/core/base/json.h"

namespace syrinx::server::http {

namespace beast = boost::beast;

Result<Request> request_of(const BeastRequest& message) {
  Request request;
  request.method = std::string(message.method_string());
  for (const auto& field : message)
    request.fields.push_back({std::string(field.name_string()), std::string(field.value())});
  const auto target = message.target();
  SYRINX_TRY(split_target({target.data(), target.size()}, request));
  return request;
}

bool wants_continue(const BeastRequest& message) {
  return beast::iequals(message[beast::http::field::expect], "100-continue");
}

int status_for(const beast::error_code& failed) {
  if (failed == beast::http::error::header_limit) return 431;
  if (failed == beast::http::error::body_limit) return 413;
  return 400;
}

std::string sentence_for(const beast::error_code& failed) {
  if (failed == beast::http::error::header_limit)
    return "the request's head is longer than this server takes";
  if (failed == beast::http::error::body_limit)
    return "the request's body is longer than this address takes";
  return "this is no HTTP/1.1 request: " + failed.message();
}

std::string refusal_json(std::string_view sentence) {
  return "{\"error\":{\"message\":" + json_quoted(sentence) +
         ",\"type\":\"invalid_request_error\",\"param\":null,\"code\":null}}";
}

}  // namespace syrinx::server::http
