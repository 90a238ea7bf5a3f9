// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "syrinx/core/base/result.h"
#include "syrinx/stages/packet/capture.h"

// The formats behind capture.h.
namespace syrinx::packet::format {

bool is_pcap(Bytes file) noexcept;
Result<Capture> parse_pcap(Bytes file);

bool is_pcapng(Bytes file) noexcept;
Result<Capture> parse_pcapng(Bytes file);

bool is_rtpdump(Bytes file) noexcept;
Result<Capture> parse_rtpdump(Bytes file);

// Whether frames of this link type (as tcpdump.org numbers them) are understood.
bool knows_link_type(std::uint32_t link_type) noexcept;
// Adds the UDP datagram in a frame, or counts the frame as skipped. `whole_bytes`: of the frame as
// it was on the wire.
void add_frame(std::uint32_t link_type, Bytes frame, std::size_t whole_bytes,
               std::chrono::nanoseconds time, Capture& capture);
// Makes times begin with 0 at the first datagram.
void rebase_times(Capture& capture) noexcept;
// Errors: kLimitExceeded (kMaxCapturePackets).
Result<void> count_frame(Capture& capture);

}  // namespace syrinx::packet::format
