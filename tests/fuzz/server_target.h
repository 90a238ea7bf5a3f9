// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace syrinx::fuzz {

// Reads the bytes as everything that a client of the server may send: the JSON of a request for
// speech, a message of a stream, lines of Wyoming, a request's target, a file of keys. Returns what
// was broken that must hold, or "".
std::string read_as_client(std::string_view bytes);

}  // namespace syrinx::fuzz
