// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace syrinx::server {

// The voice that a name stands for: itself unless it is one of those; the default for "".
std::string resolved_voice(std::string_view name);

}  // namespace syrinx::server
