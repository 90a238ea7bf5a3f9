// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace syrinx {

// Writes file, line, the condition and the message to stderr, then aborts. Never returns.
[[noreturn]] void check_failed(const char* file, int line, const char* condition,
                               std::string_view message) noexcept;

}  // namespace syrinx

// Stops the program when our own code is wrong. Never for what a user or a file can cause: that is
// a Result.
#define SYRINX_CHECK(condition, message) \
  (static_cast<bool>(condition)          \
       ? static_cast<void>(0)            \
       : ::syrinx::check_failed(__FILE__, __LINE__, #condition, (message)))
