// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace syrinx::server {

// OpenAI's 13 names, each with the voice that speaks for it here.
std::vector<std::pair<std::string, std::string>> voice_aliases();

// The voice that a name stands for: itself unless it is one of those; the default for "".
std::string resolved_voice(std::string_view name);

}  // namespace syrinx::server
