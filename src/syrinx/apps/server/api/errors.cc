// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/server/api/errors.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "syrinx/apps/server/speech/captions.h"

namespace syrinx::server {
namespace {

std::string_view type_of(int status) noexcept {
  if (status == 401) return "authentication_error";
  if (status == 403) return "permission_error";
  if (status == 404) return "not_found_error";
  if (status == 429) return "rate_limit_error";
  return status < 500 ? "invalid_request_error" : "server_error";
}

nlohmann::json text_or_null(std::string_view text) {
  return text.empty() ? nlohmann::json(nullptr) : nlohmann::json(text);
}

std::string_view code_of(int status, std::string_view param) noexcept {
  if (status == 401) return "invalid_api_key";
  if (status == 404 && param == "model") return "model_not_found";
  if (status == 404 && param == "voice") return "voice_not_found";
  if (status == 429) return "rate_limit_exceeded";
  return "";
}

}  // namespace

int http_status(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::kInvalidArgument:
    case ErrorCode::kCorruptData:
    case ErrorCode::kUnsupported:
      return 400;
    case ErrorCode::kNotFound:
      return 404;
    case ErrorCode::kLimitExceeded:
      return 413;
    case ErrorCode::kCancelled:
      return 499;
    case ErrorCode::kUnavailable:
      return 503;
    case ErrorCode::kIo:
    case ErrorCode::kInternal:
      return 500;
  }
  return 500;
}

http::Response error_response(int status, std::string_view message, std::string_view param) {
  http::Response response;
  response.status = status;
  response.body = json_line({{"error",
                              {{"message", message},
                               {"type", type_of(status)},
                               {"param", text_or_null(param)},
                               {"code", text_or_null(code_of(status, param))}}}});
  return response;
}

http::Response error_response(const Error& error, std::string_view param) {
  return error_response(http_status(error.code), error.message, param);
}

std::string_view name_of(work::RefusalReason reason) noexcept {
  switch (reason) {
    case work::RefusalReason::kQueueFull:
      return "queue_full";
    case work::RefusalReason::kClientFull:
      return "client_full";
    case work::RefusalReason::kTooLong:
      return "wait_too_long";
    case work::RefusalReason::kDraining:
      return "draining";
  }
  return "unknown";
}

http::Response refusal_response(const work::Refusal& refusal) {
  const bool draining = refusal.reason == work::RefusalReason::kDraining;
  std::string_view why = "the server is going down; ask again";
  if (refusal.reason == work::RefusalReason::kQueueFull)
    why = "the server has as many requests as it takes";
  if (refusal.reason == work::RefusalReason::kClientFull)
    why = "you have as many requests under way as one client may";
  if (refusal.reason == work::RefusalReason::kTooLong)
    why = "the wait would be longer than this server lets anyone wait";
  const auto seconds = static_cast<int>(std::ceil(std::clamp(refusal.retry_after_s, 1.0, 3'600.0)));
  auto response = error_response(
      draining ? 503 : 429, std::string(why) + "; try again in " + std::to_string(seconds) + " s");
  response.fields.push_back({"Retry-After", std::to_string(seconds)});
  return response;
}

}  // namespace syrinx::server
