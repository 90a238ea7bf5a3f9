// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "syrinx/stages/packet/bursts.h"
#include "syrinx/stages/packet/capture.h"
#include "syrinx/stages/packet/rtcp.h"

// What a capture says of the RTP streams in it.
namespace syrinx::packet {

// What is unknown is nothing, never a guess.
struct StreamReport {
  std::uint32_t ssrc = 0;
  std::string source;
  std::string destination;
  double first_s = 0.0;     // From the capture's start.
  double duration_s = 0.0;  // From the first packet to the last.
  std::uint64_t packets = 0;
  std::uint64_t payload_bytes = 0;
  std::map<int, std::uint64_t> payload_types;  // And how many packets each.
  std::uint64_t expected = 0;                  // By sequence numbers.
  std::uint64_t lost = 0;                      // Of these, those that never came.
  std::uint64_t duplicates = 0;
  std::uint64_t out_of_order = 0;  // Came after a later one.
  std::uint64_t restarts = 0;      // Jumps of the sequence that went on from there.
  std::uint64_t talkspurts = 0;    // Packets with the marker.
  LossBursts::Summary bursts;
  std::optional<int> clock_rate_hz;  // Of RFC 3551, or measured where it is plain.
  bool clock_was_measured = false;
  std::optional<double> jitter_ms;  // RFC 3550, A.8, at the end; needs the clock.
  std::optional<double> max_jitter_ms;
  std::optional<double> packet_ms;  // The most frequent step of timestamps.
  double longest_gap_ms = 0.0;      // Between two arrivals.
  double longest_gap_at_s = 0.0;    // When it ended.
  // Of the RTCP in the capture.
  std::uint64_t sender_reports = 0;
  std::optional<ReportBlock> last_report;   // What its receiver said of it last.
  std::optional<VoipMetrics> voip_metrics;  // Likewise (RFC 3611).
};

struct CaptureReport {
  std::vector<StreamReport> streams;  // In the order of their first packets.
  std::uint64_t other_datagrams = 0;  // Neither RTCP nor of a stream.
  std::uint64_t rtcp_datagrams = 0;
  std::uint64_t broken_rtcp = 0;
};

struct AnalysisOptions {
  std::map<int, int> clock_rates_hz;  // Of dynamic payload types.
  std::uint64_t fewest_packets = 5;   // Of a stream: fewer are something else by chance.
};

// The name and clock of a static payload type (RFC 3551, table 4).
struct StaticPayload {
  const char* name = "";
  int clock_rate_hz = 0;
};
std::optional<StaticPayload> static_payload(int payload_type) noexcept;

// Errors: kLimitExceeded (kMaxCaptureStreams).
Result<CaptureReport> analyse_streams(const Capture& capture, const AnalysisOptions& options = {});

}  // namespace syrinx::packet
