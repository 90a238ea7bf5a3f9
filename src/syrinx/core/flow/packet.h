// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

namespace syrinx {

// What a codec makes of one block: payload bytes and how long they sound, in the codec's RTP clock.
struct Payload {
  std::vector<std::uint8_t> bytes;
  std::uint32_t duration_ticks = 0;
};

// One RTP packet's meaning (RFC 3550, 5.1), apart from its bytes on the wire.
struct Packet {
  std::uint8_t payload_type = 0;  // 0-127 (RFC 3551).
  bool marker = false;            // First packet of a talkspurt.
  std::uint16_t sequence = 0;     // Wraps.
  std::uint32_t timestamp = 0;    // In ticks of the payload's RTP clock; wraps.
  std::uint32_t ssrc = 0;         // Who speaks.
  std::vector<std::uint8_t> payload;
  std::chrono::nanoseconds arrival{0};  // By the receiving side's Clock; 0 when sent.
};

}  // namespace syrinx
