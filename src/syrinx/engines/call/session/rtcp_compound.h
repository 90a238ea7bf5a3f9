// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "syrinx/core/base/realtime.h"
#include "syrinx/stages/packet/rtcp.h"

// The reports of a call of two, written and read without memory: what packet::write_rtcp() and
// parse_rtcp() do in general, for the ticking thread.
namespace syrinx::call {

struct SenderInfo {
  std::uint64_t ntp_time = 0;
  std::uint32_t rtp_timestamp = 0;
  std::uint32_t packets = 0;
  std::uint32_t payload_bytes = 0;
};

struct CompoundFields {
  std::uint32_t ssrc = 0;
  std::optional<SenderInfo> sender;          // An SR; else an RR.
  std::optional<packet::ReportBlock> block;  // Of the one source that is heard.
  std::string_view cname;
  bool bye = false;
};

// The longest: SR with a block, SDES with 255 bytes, BYE.
inline constexpr std::size_t kMaxCompound = 28 + 24 + 8 + 2 + 255 + 4 + 8;
// Writes a compound (RFC 3550, 6.1) and returns its bytes. Pre: out.size() >= kMaxCompound,
// 1 <= cname.size() <= 255.
std::size_t write_compound(const CompoundFields& fields,
                           std::span<std::uint8_t> out) noexcept SYRINX_REALTIME;

struct CompoundView {
  std::uint32_t ssrc = 0;  // Of its first packet.
  std::optional<SenderInfo> sender;
  std::optional<packet::ReportBlock> about;  // The block about the asked-for source.
  bool bye = false;                          // Of `ssrc`.
};
// Reads a datagram as parse_rtcp() does by kReducedSize, so far as it concerns a call: nothing
// where that would be an error.
std::optional<CompoundView> read_compound(packet::Bytes datagram,
                                          std::uint32_t own_ssrc) noexcept SYRINX_REALTIME;

}  // namespace syrinx::call
