// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/packet/byte_order.h"
#include "syrinx/stages/packet/limits.h"
#include "syrinx/stages/packet/rtcp.h"
#include "syrinx/stages/packet/rtcp_format.h"

namespace syrinx::packet {
namespace {

// One packet of a compound: its header's fields and the bytes after the header.
struct Piece {
  std::uint8_t type = 0;
  std::uint8_t count = 0;
  Bytes body;
};

Error short_body(const Piece& piece, std::size_t needed) {
  return make_error(ErrorCode::kCorruptData, "an RTCP packet of type ", int{piece.type}, " has ",
                    piece.body.size(), " bytes after its header, where what it announces needs ",
                    needed);
}

Result<std::vector<ReportBlock>> read_blocks(const Piece& piece, std::size_t at) {
  const std::size_t needed = at + piece.count * format::kReportBlockBytes;
  if (piece.body.size() < needed) return short_body(piece, needed);
  std::vector<ReportBlock> blocks;
  for (; at < needed; at += format::kReportBlockBytes)
    blocks.push_back(format::read_report_block(piece.body, at));
  return blocks;
}

Result<RtcpPacket> read_sender_report(const Piece& piece) {
  if (piece.body.size() < 24) return short_body(piece, 24);
  SenderReport report;
  report.ssrc = read_u32(piece.body, 0);
  report.ntp_time = read_u64(piece.body, 4);
  report.rtp_timestamp = read_u32(piece.body, 12);
  report.packets = read_u32(piece.body, 16);
  report.payload_bytes = read_u32(piece.body, 20);
  SYRINX_ASSIGN(report.blocks, read_blocks(piece, 24));
  return RtcpPacket(std::move(report));
}

Result<RtcpPacket> read_receiver_report(const Piece& piece) {
  if (piece.body.size() < 4) return short_body(piece, 4);
  ReceiverReport report;
  report.ssrc = read_u32(piece.body, 0);
  SYRINX_ASSIGN(report.blocks, read_blocks(piece, 4));
  return RtcpPacket(std::move(report));
}

// The items of a chunk, up to the zero byte that ends it; leaves `at` at the next chunk.
Result<std::vector<SourceItem>> read_items(const Piece& piece, std::size_t& at) {
  std::vector<SourceItem> items;
  while (true) {
    if (at >= piece.body.size()) return short_body(piece, at + 1);
    const std::uint8_t kind = piece.body[at];
    if (kind == 0) break;
    if (items.size() == limits::kMaxSourceItems)
      return make_error(ErrorCode::kLimitExceeded, "more than ", limits::kMaxSourceItems,
                        " items describe one RTCP source");
    if (piece.body.size() - at < 2) return short_body(piece, at + 2);
    const std::size_t length = piece.body[at + 1];
    if (piece.body.size() - at - 2 < length) return short_body(piece, at + 2 + length);
    const auto* text = reinterpret_cast<const char*>(piece.body.data() + at + 2);
    items.push_back({static_cast<SourceItemKind>(kind), std::string(text, length)});
    at += 2 + length;
  }
  at = (at / 4 + 1) * 4;
  return items;
}

Result<RtcpPacket> read_description(const Piece& piece) {
  SourceDescription description;
  std::size_t at = 0;
  for (int i = 0; i < piece.count; ++i) {
    if (piece.body.size() < at + 4) return short_body(piece, at + 4);
    SourceChunk chunk;
    chunk.ssrc = read_u32(piece.body, at);
    at += 4;
    SYRINX_ASSIGN(chunk.items, read_items(piece, at));
    if (at > piece.body.size()) return short_body(piece, at);
    description.chunks.push_back(std::move(chunk));
  }
  return RtcpPacket(std::move(description));
}

Result<RtcpPacket> read_bye(const Piece& piece) {
  const std::size_t sources = piece.count * std::size_t{4};
  if (piece.body.size() < sources) return short_body(piece, sources);
  Bye bye;
  for (std::size_t at = 0; at < sources; at += 4) bye.ssrcs.push_back(read_u32(piece.body, at));
  if (piece.body.size() > sources) {
    const std::size_t length = piece.body[sources];
    if (piece.body.size() - sources - 1 < length) return short_body(piece, sources + 1 + length);
    bye.reason.assign(reinterpret_cast<const char*>(piece.body.data() + sources + 1), length);
  }
  return RtcpPacket(std::move(bye));
}

Result<RtcpPacket> read_report(const Piece& piece) {
  switch (piece.type) {
    case format::kSenderReport:
      return read_sender_report(piece);
    case format::kReceiverReport:
      return read_receiver_report(piece);
    case format::kSourceDescription:
      return read_description(piece);
    case format::kBye:
      return read_bye(piece);
    case format::kExtendedReport: {
      SYRINX_ASSIGN(auto report, format::read_extended(piece.body));
      return RtcpPacket(std::move(report));
    }
    default:
      return RtcpPacket(
          OtherReport{piece.type, piece.count, {piece.body.begin(), piece.body.end()}});
  }
}

// Takes the packet at the front of `rest`.
Result<Piece> next_piece(Bytes& rest) {
  if (rest.size() < 4)
    return make_error(ErrorCode::kCorruptData, "an RTCP packet of ", rest.size(),
                      " bytes; its header alone has 4");
  if (rest[0] >> 6 != 2)
    return make_error(ErrorCode::kUnsupported, "a packet of RTCP version ", rest[0] >> 6,
                      "; there is version 2 only, so this is something else");
  const std::size_t length = std::size_t{read_u16(rest, 2)} * 4;
  if (rest.size() - 4 < length)
    return make_error(ErrorCode::kCorruptData, "an RTCP packet of type ", int{rest[1]},
                      " announces ", length, " bytes after its header, of which ", rest.size() - 4,
                      " came");
  Piece piece{rest[1], static_cast<std::uint8_t>(rest[0] & 31), rest.subspan(4, length)};
  const bool last = rest.size() == 4 + length;
  if ((rest[0] & 0x20) != 0) {
    const std::size_t padding = length > 0 ? piece.body.back() : 0;
    if (!last || padding == 0 || padding % 4 != 0 || padding > length)
      return make_error(
          ErrorCode::kCorruptData, "an RTCP packet of type ", int{piece.type}, " has ", padding,
          " bytes of padding; only the last of a compound is padded, ", "by a multiple of 4");
    piece.body = piece.body.first(length - padding);
  }
  rest = rest.subspan(4 + length);
  return piece;
}

}  // namespace

ReportBlock format::read_report_block(Bytes body, std::size_t at) noexcept {
  ReportBlock block;
  block.ssrc = read_u32(body, at);
  block.fraction_lost = body[at + 4];
  const std::uint32_t lost = read_u32(body, at + 4) & 0xFFFFFF;
  block.cumulative_lost = static_cast<std::int32_t>(lost) - ((lost & 0x800000) != 0 ? 1 << 24 : 0);
  block.highest_sequence = read_u32(body, at + 8);
  block.jitter_ticks = read_u32(body, at + 12);
  block.last_sender_report = read_u32(body, at + 16);
  block.delay_since_sender_report = read_u32(body, at + 20);
  return block;
}

Result<std::vector<RtcpPacket>> parse_rtcp(Bytes datagram, RtcpRules rules) {
  if (datagram.size() > limits::kMaxDatagramBytes)
    return make_error(ErrorCode::kLimitExceeded, "RTCP of ", datagram.size(),
                      " bytes; a datagram has up to ", limits::kMaxDatagramBytes);
  std::vector<RtcpPacket> packets;
  Bytes rest = datagram;
  do {
    if (packets.size() == limits::kMaxRtcpPackets)
      return make_error(ErrorCode::kLimitExceeded, "more than ", limits::kMaxRtcpPackets,
                        " RTCP packets in one datagram");
    SYRINX_ASSIGN(const Piece piece, next_piece(rest));
    if (packets.empty() && rules == RtcpRules::kCompound)
      SYRINX_TRY(format::check_beginning(piece.type));
    SYRINX_ASSIGN(auto packet, read_report(piece));
    packets.push_back(std::move(packet));
  } while (!rest.empty());
  return packets;
}

std::optional<double> round_trip_s(const ReportBlock& block, std::uint64_t arrival_ntp) noexcept {
  if (block.last_sender_report == 0) return std::nullopt;
  const auto middle = static_cast<std::uint32_t>(arrival_ntp >> 16);
  const auto ticks = static_cast<std::int32_t>(middle - block.last_sender_report -
                                               block.delay_since_sender_report);
  if (ticks < 0) return std::nullopt;
  return static_cast<double>(ticks) / 65'536.0;
}

}  // namespace syrinx::packet
