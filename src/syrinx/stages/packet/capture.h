// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/stages/packet/rtp.h"

// Recordings of packets: pcap and pcapng (Ethernet, Linux cooked, loopback, raw IP; IPv4 and IPv6;
// UDP) and rtpdump (the binary form of rtptools).
namespace syrinx::packet {

struct CapturedDatagram {
  std::chrono::nanoseconds time{0};  // Since the first datagram of the capture.
  std::string source;                // "10.0.0.1:4000"; of rtpdump, what its header says.
  std::string destination;           // Empty in rtpdump.
  bool rtcp = false;                 // By its bytes (RFC 5761).
  bool cut = false;                  // The capture holds only its beginning.
  std::size_t payload_bytes = 0;     // Of the datagram as it was sent.
  std::vector<std::uint8_t> bytes;   // Of the UDP payload.
};

struct Capture {
  std::string format;  // "pcap", "pcapng" or "rtpdump".
  std::vector<CapturedDatagram> datagrams;
  std::uint64_t frames = 0;          // Of the file.
  std::uint64_t skipped_frames = 0;  // Not UDP over IP, fragments, too short.
  bool ends_early = false;           // The last record was cut; what stood before it is here.
};

// Errors: kCorruptData, with the byte, for a file that is none of these or whose first record is
// broken; kUnsupported for a link type that is not read here; kLimitExceeded.
Result<Capture> parse_capture(Bytes file);

// The file's. Errors: also kNotFound and kIo.
Result<Capture> read_capture(const std::filesystem::path& path);

// The capture as an rtpdump file, to the millisecond. Errors: kInvalidArgument for a datagram that
// is too long for it.
Result<std::vector<std::uint8_t>> rtpdump_bytes(const std::vector<CapturedDatagram>& datagrams);

}  // namespace syrinx::packet
