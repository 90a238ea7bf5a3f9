// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>

#include "syrinx/core/base/result.h"

namespace syrinx::io {

struct FetchOptions {
  std::uint64_t max_bytes = 0;  // The file may not become larger than this.
  std::chrono::seconds connect_timeout{15};
  std::chrono::seconds stall_timeout{30};  // Given up after this long below 100 bytes a second.
  // Told now and then: the bytes that the file has, and will have if the server said.
  std::function<void(std::uint64_t done, std::optional<std::uint64_t> all)> progress;
};

// Downloads `url` (http or https, redirects followed, certificates checked) into `path`, going on
// where an earlier try of the same URL stopped if the server can (RFC 9110, section 14) and the
// resource is unchanged; otherwise from the start. What has arrived stays on error, with the
// server's validator beside it in `path` + ".etag". Errors, which name the URL without its
// password: kInvalidArgument (the URL), kUnavailable (built without libcurl; no such host;
// connection refused, broken or stalled; HTTP 408, 429, 5xx: trying again may help), kNotFound
// (HTTP 404, 410), kUnsupported (any other HTTP status), kLimitExceeded (max_bytes), kIo (writing),
// kCancelled.
Result<void> fetch(const std::string& url, const std::filesystem::path& path,
                   const FetchOptions& options, const std::stop_token& stop);

}  // namespace syrinx::io
