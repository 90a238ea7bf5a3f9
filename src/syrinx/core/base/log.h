// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string_view>

namespace syrinx {

enum class LogLevel { kDebug, kInfo, kWarning, kError };

// Receives each message of the library. May be called from any thread, several at once.
using LogHook = std::function<void(LogLevel, std::string_view)>;

// Sets where messages go; an empty hook (the default) drops them: the library itself never prints.
// Takes effect for calls that start later. Not for the audio thread.
void set_log_hook(LogHook hook);

// Hands a message to the hook. Never on the audio thread: it may lock and allocate.
void log(LogLevel level, std::string_view message);

}  // namespace syrinx
