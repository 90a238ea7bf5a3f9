// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "syrinx/apps/server/http/message.h"
#include "syrinx/apps/server/work/scheduler.h"
#include "syrinx/core/base/result.h"

// What goes wrong, as HTTP and in the shape of OpenAI's errors:
// {"error": {"message", "type", "param", "code"}}.
namespace syrinx::server {

// The one table from our codes to HTTP's.
int http_status(ErrorCode code) noexcept;

// `param` is the member of the request that was wrong, or "".
http::Response error_response(int status, std::string_view message, std::string_view param = {});
http::Response error_response(const Error& error, std::string_view param = {});
// 429 with Retry-After; 503 when the server goes down.
http::Response refusal_response(const work::Refusal& refusal);
std::string_view name_of(work::RefusalReason reason) noexcept;

}  // namespace syrinx::server
