// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/stages/packet/rtp.h"

// RTCP: reports about RTP streams (RFC 3550, 6) and extended ones (RFC 3611). Any thread.
namespace syrinx::packet {

// What one receiver says of one source (RFC 3550, 6.4.1).
struct ReportBlock {
  std::uint32_t ssrc = 0;              // Of the source that it is about.
  std::uint8_t fraction_lost = 0;      // In 1/256, since the last report.
  std::int32_t cumulative_lost = 0;    // 24 bits, signed: duplicates make it negative.
  std::uint32_t highest_sequence = 0;  // With the cycles in the upper half.
  std::uint32_t jitter_ticks = 0;
  std::uint32_t last_sender_report = 0;         // The middle of its NTP time; 0: there was none.
  std::uint32_t delay_since_sender_report = 0;  // In 1/65536 s.
};

struct SenderReport {
  std::uint32_t ssrc = 0;
  std::uint64_t ntp_time = 0;  // Seconds since 1900 in 32.32.
  std::uint32_t rtp_timestamp = 0;
  std::uint32_t packets = 0;
  std::uint32_t payload_bytes = 0;
  std::vector<ReportBlock> blocks;
};

struct ReceiverReport {
  std::uint32_t ssrc = 0;
  std::vector<ReportBlock> blocks;
};

// Kinds of SDES items (RFC 3550, 6.5); others are kept by their number.
enum class SourceItemKind : std::uint8_t {
  kCname = 1,
  kName,
  kEmail,
  kPhone,
  kLoc,
  kTool,
  kNote,
  kPriv
};
struct SourceItem {
  SourceItemKind kind = SourceItemKind::kCname;
  std::string text;  // Up to 255 bytes.
};
struct SourceChunk {
  std::uint32_t ssrc = 0;
  std::vector<SourceItem> items;
};
struct SourceDescription {
  std::vector<SourceChunk> chunks;
};

struct Bye {
  std::vector<std::uint32_t> ssrcs;
  std::string reason;
};

// RFC 3611, 4.4: when a receiver speaks its own time, for reports of round trips.
struct ReceiverReferenceTime {
  std::uint64_t ntp_time = 0;
};
// RFC 3611, 4.5: the answer.
struct DelaySinceLastReport {
  struct Entry {
    std::uint32_t ssrc = 0;
    std::uint32_t last_receiver_report = 0;
    std::uint32_t delay = 0;  // In 1/65536 s.
  };
  std::vector<Entry> entries;
};
// RFC 3611, 4.6; each group only if its flag says that it was measured.
struct StatisticsSummary {
  std::uint32_t ssrc = 0;
  std::uint16_t begin_sequence = 0;
  std::uint16_t end_sequence = 0;
  bool has_loss = false;
  bool has_duplicates = false;
  bool has_jitter = false;
  std::uint8_t hop_limit_kind = 0;  // 0 none, 1 IPv4 TTL, 2 IPv6 hop limit.
  std::uint32_t lost_packets = 0;
  std::uint32_t duplicate_packets = 0;
  std::uint32_t min_jitter_ticks = 0;
  std::uint32_t max_jitter_ticks = 0;
  std::uint32_t mean_jitter_ticks = 0;
  std::uint32_t jitter_deviation_ticks = 0;
  std::uint8_t min_hop_limit = 0;
  std::uint8_t max_hop_limit = 0;
  std::uint8_t mean_hop_limit = 0;
  std::uint8_t hop_limit_deviation = 0;
};
// RFC 3611, 4.7. 127 stands for "unavailable" in levels, ratings and scores.
struct VoipMetrics {
  static constexpr std::uint8_t kUnavailable = 127;
  std::uint32_t ssrc = 0;
  std::uint8_t loss_rate = 0;      // In 1/256, of all packets expected.
  std::uint8_t discard_rate = 0;   // In 1/256: late or early packets that were thrown away.
  std::uint8_t burst_density = 0;  // In 1/256: of the packets in bursts, those lost or discarded.
  std::uint8_t gap_density = 0;
  std::uint16_t burst_duration_ms = 0;
  std::uint16_t gap_duration_ms = 0;
  std::uint16_t round_trip_ms = 0;
  std::uint16_t end_system_delay_ms = 0;
  std::int8_t signal_level_dbm = 127;
  std::int8_t noise_level_dbm = 127;
  std::uint8_t residual_echo_return_loss_db = kUnavailable;
  std::uint8_t gmin = 16;
  std::uint8_t rating = kUnavailable;  // R, 0 to 100.
  std::uint8_t external_rating = kUnavailable;
  std::uint8_t listening_mos_tenths = kUnavailable;  // 10 to 50.
  std::uint8_t conversational_mos_tenths = kUnavailable;
  std::uint8_t receiver_configuration = 0;  // PLC, adaptive or not, rate (RFC 3611, 4.7.6).
  std::uint16_t nominal_delay_ms = 0;
  std::uint16_t maximum_delay_ms = 0;
  std::uint16_t absolute_maximum_delay_ms = 0;
};
// A block of a type that is not one of these, as it came.
struct OtherBlock {
  std::uint8_t type = 0;
  std::uint8_t specific = 0;
  std::vector<std::uint8_t> data;  // A multiple of four bytes.
};
using ExtendedBlock = std::variant<ReceiverReferenceTime, DelaySinceLastReport, StatisticsSummary,
                                   VoipMetrics, OtherBlock>;
struct ExtendedReport {
  std::uint32_t ssrc = 0;
  std::vector<ExtendedBlock> blocks;
};

// A packet of a type that is not one of these (APP, feedback), as it came.
struct OtherReport {
  std::uint8_t type = 0;
  std::uint8_t count = 0;
  std::vector<std::uint8_t> body;  // After the four bytes of header; a multiple of four.
};

using RtcpPacket =
    std::variant<SenderReport, ReceiverReport, SourceDescription, Bye, ExtendedReport, OtherReport>;

enum class RtcpRules {
  kCompound,     // Begins with SR or RR (RFC 3550, 6.1); padding only at the end.
  kReducedSize,  // Any packet may stand alone (RFC 5506).
};

// Reads a datagram. Errors: kCorruptData with the place, for lengths that do not fit, wrong padding
// or, by kCompound, another beginning; kUnsupported for another version than 2; kLimitExceeded.
Result<std::vector<RtcpPacket>> parse_rtcp(Bytes datagram, RtcpRules rules = RtcpRules::kCompound);

// Errors: kInvalidArgument for more blocks, chunks or letters than the format can count, for data
// that are not a multiple of four, or, by kCompound, another beginning or no CNAME.
Result<std::vector<std::uint8_t>> write_rtcp(const std::vector<RtcpPacket>& packets,
                                             RtcpRules rules = RtcpRules::kCompound);

// Seconds of round trip from a report block: arrival minus LSR minus DLSR (RFC 3550, 6.4.1), with
// `arrival_ntp` the NTP time at which it came; nothing if there was no sender report, or for a
// negative time.
std::optional<double> round_trip_s(const ReportBlock& block, std::uint64_t arrival_ntp) noexcept;

}  // namespace syrinx::packet
