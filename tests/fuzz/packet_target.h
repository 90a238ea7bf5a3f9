// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace syrinx::fuzz {

// What came of some bytes that may be packets.
struct PacketOutcome {
  bool is_rtp = false;
  bool is_rtcp = false;
  bool is_capture = false;
  std::string broken;  // A promise that was not kept; empty as it should be.
};

// Reads the bytes as RTP, as RTCP and as a capture, and plays them as a script of packets with
// times into a jitter buffer.
PacketOutcome read_as_packets(std::span<const std::uint8_t> bytes);

}  // namespace syrinx::fuzz
