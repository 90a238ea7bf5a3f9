// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace syrinx::fuzz {

// Sends the bytes to a server of this process by a connection of their own, over the loopback: as a
// client of HTTP when they begin with 'h', behind the request for a WebSocket with 'w', of Wyoming
// otherwise; then nothing more. Returns what is wrong with the answer or with the server behind it;
// "" when nothing is.
std::string send_as_client(std::string_view bytes);

}  // namespace syrinx::fuzz
