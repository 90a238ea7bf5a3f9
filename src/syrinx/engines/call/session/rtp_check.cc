// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/call/session/rtp_check.h"

#include "syrinx/stages/packet/limits.h"

namespace syrinx::call {

bool rtp_is_whole(packet::Bytes datagram) noexcept {
  if (datagram.size() < 12 || datagram.size() > packet::limits::kMaxDatagramBytes) return false;
  if (datagram[0] >> 6 != 2) return false;
  std::size_t at = 12 + (datagram[0] & 15u) * 4;
  if (datagram.size() < at) return false;
  if ((datagram[0] & 0x10) != 0) {
    if (datagram.size() - at < 4) return false;
    const std::size_t words = (std::size_t{datagram[at + 2]} << 8) | datagram[at + 3];
    at += 4;
    if (datagram.size() - at < words * 4) return false;
    at += words * 4;
  }
  if ((datagram[0] & 0x20) == 0) return true;
  const std::size_t padding = at < datagram.size() ? datagram.back() : 0;
  return padding > 0 && padding <= datagram.size() - at;
}

}  // namespace syrinx::call
