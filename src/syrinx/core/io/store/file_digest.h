// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>

#include "syrinx/core/base/result.h"

namespace syrinx::io {

// Told how many more bytes were read.
using BytesRead = std::function<void(std::uint64_t bytes)>;

// SHA-256 of a file. Errors: kNotFound, kIo, kCancelled (asked every MiB).
Result<std::string> file_digest(const std::filesystem::path& path, const BytesRead& read,
                                const std::stop_token& stop);

// Copies a file and gives its SHA-256; what is written is on the disk when this returns. On error
// `to` may be there in part. Errors: as file_digest().
Result<std::string> copy_with_digest(const std::filesystem::path& from,
                                     const std::filesystem::path& to, const BytesRead& read,
                                     const std::stop_token& stop);

}  // namespace syrinx::io
