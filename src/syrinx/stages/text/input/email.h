// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

namespace syrinx::text {

// Where the colon of a header field stands ("Subject: ..."), or 0 where the line is none (RFC 5322,
// section 2.2).
std::size_t header_colon(std::string_view line);

}  // namespace syrinx::text
