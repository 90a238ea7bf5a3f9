// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

namespace syrinx::text {

// Bytes of the time that a line of a chat log begins with, "[12:30] " or "12:30:05 - ", or 0.
std::size_t chat_time(std::string_view line);

}  // namespace syrinx::text
