// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/packet/byte_order.h"
#include "syrinx/stages/packet/limits.h"
#include "syrinx/stages/packet/rtcp_format.h"

// The blocks of extended reports (RFC 3611).
namespace syrinx::packet::format {
namespace {

constexpr std::size_t kSummaryBytes = 36;  // After the block's header, as the next.
constexpr std::size_t kVoipBytes = 32;

struct BlockPiece {
  std::uint8_t type = 0;
  std::uint8_t specific = 0;
  Bytes data;
};

Error wrong_length(const BlockPiece& piece, std::string_view expected) {
  return make_error(ErrorCode::kCorruptData, "an RTCP XR block of type ", int{piece.type}, " has ",
                    piece.data.size(), " bytes; it has ", expected);
}

Result<ExtendedBlock> read_delays(const BlockPiece& piece) {
  if (piece.data.size() % 12 != 0) return wrong_length(piece, "a multiple of 12");
  DelaySinceLastReport delays;
  for (std::size_t at = 0; at < piece.data.size(); at += 12)
    delays.entries.push_back(
        {read_u32(piece.data, at), read_u32(piece.data, at + 4), read_u32(piece.data, at + 8)});
  return ExtendedBlock(std::move(delays));
}

Result<ExtendedBlock> read_summary(const BlockPiece& piece) {
  if (piece.data.size() != kSummaryBytes) return wrong_length(piece, "36");
  const Bytes data = piece.data;
  StatisticsSummary summary;
  summary.has_loss = (piece.specific & 0x80) != 0;
  summary.has_duplicates = (piece.specific & 0x40) != 0;
  summary.has_jitter = (piece.specific & 0x20) != 0;
  summary.hop_limit_kind = (piece.specific >> 3) & 3;
  summary.ssrc = read_u32(data, 0);
  summary.begin_sequence = read_u16(data, 4);
  summary.end_sequence = read_u16(data, 6);
  summary.lost_packets = read_u32(data, 8);
  summary.duplicate_packets = read_u32(data, 12);
  summary.min_jitter_ticks = read_u32(data, 16);
  summary.max_jitter_ticks = read_u32(data, 20);
  summary.mean_jitter_ticks = read_u32(data, 24);
  summary.jitter_deviation_ticks = read_u32(data, 28);
  summary.min_hop_limit = data[32];
  summary.max_hop_limit = data[33];
  summary.mean_hop_limit = data[34];
  summary.hop_limit_deviation = data[35];
  return ExtendedBlock(summary);
}

Result<ExtendedBlock> read_voip(const BlockPiece& piece) {
  if (piece.data.size() != kVoipBytes) return wrong_length(piece, "32");
  const Bytes data = piece.data;
  VoipMetrics metrics;
  metrics.ssrc = read_u32(data, 0);
  metrics.loss_rate = data[4];
  metrics.discard_rate = data[5];
  metrics.burst_density = data[6];
  metrics.gap_density = data[7];
  metrics.burst_duration_ms = read_u16(data, 8);
  metrics.gap_duration_ms = read_u16(data, 10);
  metrics.round_trip_ms = read_u16(data, 12);
  metrics.end_system_delay_ms = read_u16(data, 14);
  metrics.signal_level_dbm = static_cast<std::int8_t>(data[16]);
  metrics.noise_level_dbm = static_cast<std::int8_t>(data[17]);
  metrics.residual_echo_return_loss_db = data[18];
  metrics.gmin = data[19];
  metrics.rating = data[20];
  metrics.external_rating = data[21];
  metrics.listening_mos_tenths = data[22];
  metrics.conversational_mos_tenths = data[23];
  metrics.receiver_configuration = data[24];  // Then a byte that is reserved.
  metrics.nominal_delay_ms = read_u16(data, 26);
  metrics.maximum_delay_ms = read_u16(data, 28);
  metrics.absolute_maximum_delay_ms = read_u16(data, 30);
  return ExtendedBlock(metrics);
}

Result<ExtendedBlock> read_block(const BlockPiece& piece) {
  switch (piece.type) {
    case kReferenceTimeBlock:
      if (piece.data.size() != 8) return wrong_length(piece, "8");
      return ExtendedBlock(ReceiverReferenceTime{read_u64(piece.data, 0)});
    case kDelayBlock:
      return read_delays(piece);
    case kSummaryBlock:
      return read_summary(piece);
    case kVoipBlock:
      return read_voip(piece);
    default:
      return ExtendedBlock(
          OtherBlock{piece.type, piece.specific, {piece.data.begin(), piece.data.end()}});
  }
}

// Writes the contents of a block after its header, and says what the header says.
struct BlockWriter {
  std::vector<std::uint8_t>& out;
  std::uint8_t type = 0;
  std::uint8_t specific = 0;

  void operator()(const ReceiverReferenceTime& time) {
    type = kReferenceTimeBlock;
    append_u64(out, time.ntp_time);
  }
  void operator()(const DelaySinceLastReport& delays) {
    type = kDelayBlock;
    for (const DelaySinceLastReport::Entry& entry : delays.entries) {
      append_u32(out, entry.ssrc);
      append_u32(out, entry.last_receiver_report);
      append_u32(out, entry.delay);
    }
  }
  void operator()(const StatisticsSummary& summary) {
    type = kSummaryBlock;
    specific = static_cast<std::uint8_t>(
        (summary.has_loss ? 0x80 : 0) | (summary.has_duplicates ? 0x40 : 0) |
        (summary.has_jitter ? 0x20 : 0) | ((summary.hop_limit_kind & 3) << 3));
    append_u32(out, summary.ssrc);
    append_u16(out, summary.begin_sequence);
    append_u16(out, summary.end_sequence);
    for (const std::uint32_t value :
         {summary.lost_packets, summary.duplicate_packets, summary.min_jitter_ticks,
          summary.max_jitter_ticks, summary.mean_jitter_ticks, summary.jitter_deviation_ticks})
      append_u32(out, value);
    for (const std::uint8_t value : {summary.min_hop_limit, summary.max_hop_limit,
                                     summary.mean_hop_limit, summary.hop_limit_deviation})
      append_u8(out, value);
  }
  void operator()(const VoipMetrics& metrics) {
    type = kVoipBlock;
    append_u32(out, metrics.ssrc);
    for (const std::uint8_t value :
         {metrics.loss_rate, metrics.discard_rate, metrics.burst_density, metrics.gap_density})
      append_u8(out, value);
    for (const std::uint16_t value : {metrics.burst_duration_ms, metrics.gap_duration_ms,
                                      metrics.round_trip_ms, metrics.end_system_delay_ms})
      append_u16(out, value);
    append_u8(out, static_cast<std::uint8_t>(metrics.signal_level_dbm));
    append_u8(out, static_cast<std::uint8_t>(metrics.noise_level_dbm));
    for (const std::uint8_t value :
         {metrics.residual_echo_return_loss_db, metrics.gmin, metrics.rating,
          metrics.external_rating, metrics.listening_mos_tenths, metrics.conversational_mos_tenths,
          metrics.receiver_configuration, std::uint8_t{0}})
      append_u8(out, value);
    for (const std::uint16_t value :
         {metrics.nominal_delay_ms, metrics.maximum_delay_ms, metrics.absolute_maximum_delay_ms})
      append_u16(out, value);
  }
  void operator()(const OtherBlock& block) {
    type = block.type;
    specific = block.specific;
    out.insert(out.end(), block.data.begin(), block.data.end());
  }
};

}  // namespace

Result<void> check_beginning(std::uint8_t type) {
  if (type == kSenderReport || type == kReceiverReport) return {};
  return make_error(ErrorCode::kCorruptData, "compound RTCP that begins with a packet of type ",
                    int{type}, "; it begins with a sender or receiver report (200 or 201)");
}

Result<ExtendedReport> read_extended(Bytes body) {
  ExtendedReport report;
  if (body.size() < 4)
    return make_error(ErrorCode::kCorruptData, "an RTCP XR packet of ", body.size(),
                      " bytes after its header; it names its source in 4");
  report.ssrc = read_u32(body, 0);
  for (std::size_t at = 4; at < body.size();) {
    const std::size_t left = body.size() - at;
    const std::size_t length = left >= 4 ? std::size_t{read_u16(body, at + 2)} * 4 : 0;
    if (left < 4 || left - 4 < length)
      return make_error(ErrorCode::kCorruptData, "block ", report.blocks.size() + 1,
                        " of an RTCP XR packet is longer than the ", left, " bytes that are left");
    if (report.blocks.size() == limits::kMaxExtendedBlocks)
      return make_error(ErrorCode::kLimitExceeded, "more than ", limits::kMaxExtendedBlocks,
                        " blocks in an RTCP XR packet");
    SYRINX_ASSIGN(auto block, read_block({body[at], body[at + 1], body.subspan(at + 4, length)}));
    report.blocks.push_back(std::move(block));
    at += 4 + length;
  }
  return report;
}

Result<void> append_extended(const ExtendedReport& report, std::vector<std::uint8_t>& out) {
  append_u32(out, report.ssrc);
  for (const ExtendedBlock& block : report.blocks) {
    const std::size_t header = out.size();
    append_u32(out, 0);
    BlockWriter writer{out};
    std::visit(writer, block);
    const std::size_t length = out.size() - header - 4;
    if (length % 4 != 0 || length / 4 > 0xFFFF)
      return make_error(ErrorCode::kInvalidArgument, "an RTCP XR block of ", length,
                        " bytes; its length is counted in words of 4, up to 65535");
    out[header] = writer.type;
    out[header + 1] = writer.specific;
    store_u16(out, header + 2, static_cast<std::uint32_t>(length / 4));
  }
  return {};
}

}  // namespace syrinx::packet::format
