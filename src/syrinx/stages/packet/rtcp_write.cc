// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/packet/byte_order.h"
#include "syrinx/stages/packet/limits.h"
#include "syrinx/stages/packet/rtcp.h"
#include "syrinx/stages/packet/rtcp_format.h"

namespace syrinx::packet {
namespace {

Result<void> check_count(std::string_view what, std::size_t given, std::size_t most) {
  if (given <= most) return {};
  return make_error(ErrorCode::kInvalidArgument, given, " ", what, "; RTCP counts up to ", most);
}

void append_block(const ReportBlock& block, std::vector<std::uint8_t>& out) {
  constexpr std::int32_t kMost = 0x7FFFFF;  // RFC 3550, A.3: clamped to 24 bits.
  const std::int32_t lost = block.cumulative_lost > kMost    ? kMost
                            : block.cumulative_lost < -kMost ? -kMost - 1
                                                             : block.cumulative_lost;
  append_u32(out, block.ssrc);
  append_u32(out, (std::uint32_t{block.fraction_lost} << 24) |
                      (static_cast<std::uint32_t>(lost) & 0xFFFFFF));
  append_u32(out, block.highest_sequence);
  append_u32(out, block.jitter_ticks);
  append_u32(out, block.last_sender_report);
  append_u32(out, block.delay_since_sender_report);
}

// Writes the body of a packet and says what its header says.
struct PacketWriter {
  std::vector<std::uint8_t>& out;
  std::uint8_t type = 0;
  std::size_t count = 0;

  Result<void> blocks(const std::vector<ReportBlock>& list) {
    SYRINX_TRY(check_count("report blocks", list.size(), limits::kMaxReportBlocks));
    for (const ReportBlock& block : list) append_block(block, out);
    count = list.size();
    return {};
  }
  Result<void> operator()(const SenderReport& report) {
    type = format::kSenderReport;
    append_u32(out, report.ssrc);
    append_u64(out, report.ntp_time);
    append_u32(out, report.rtp_timestamp);
    append_u32(out, report.packets);
    append_u32(out, report.payload_bytes);
    return blocks(report.blocks);
  }
  Result<void> operator()(const ReceiverReport& report) {
    type = format::kReceiverReport;
    append_u32(out, report.ssrc);
    return blocks(report.blocks);
  }
  Result<void> text(std::string_view what, const std::string& text) {
    SYRINX_TRY(check_count(what, text.size(), 255));
    append_u8(out, static_cast<std::uint32_t>(text.size()));
    out.insert(out.end(), text.begin(), text.end());
    return {};
  }
  Result<void> operator()(const SourceDescription& description) {
    type = format::kSourceDescription;
    count = description.chunks.size();
    SYRINX_TRY(check_count("described sources", count, limits::kMaxSourceChunks));
    const std::size_t start = out.size();
    for (const SourceChunk& chunk : description.chunks) {
      append_u32(out, chunk.ssrc);
      SYRINX_TRY(check_count("items of one source", chunk.items.size(), limits::kMaxSourceItems));
      for (const SourceItem& item : chunk.items) {
        append_u8(out, static_cast<std::uint8_t>(item.kind));
        SYRINX_TRY(text("letters of an item", item.text));
      }
      do append_u8(out, 0);
      while ((out.size() - start) % 4 != 0);
    }
    return {};
  }
  Result<void> operator()(const Bye& bye) {
    type = format::kBye;
    count = bye.ssrcs.size();
    SYRINX_TRY(check_count("sources that leave", count, limits::kMaxSourceChunks));
    for (const std::uint32_t ssrc : bye.ssrcs) append_u32(out, ssrc);
    if (bye.reason.empty()) return {};
    const std::size_t start = out.size();
    SYRINX_TRY(text("letters of a reason", bye.reason));
    while ((out.size() - start) % 4 != 0) append_u8(out, 0);
    return {};
  }
  Result<void> operator()(const ExtendedReport& report) {
    type = format::kExtendedReport;
    return format::append_extended(report, out);
  }
  Result<void> operator()(const OtherReport& report) {
    type = report.type;
    count = report.count;
    SYRINX_TRY(check_count("as an RTCP packet's own count", count, 31));
    if (report.body.size() % 4 != 0)
      return make_error(ErrorCode::kInvalidArgument, "an RTCP body of ", report.body.size(),
                        " bytes; it is a multiple of 4");
    out.insert(out.end(), report.body.begin(), report.body.end());
    return {};
  }
};

bool names_itself(const std::vector<RtcpPacket>& packets) {
  for (const RtcpPacket& packet : packets) {
    const auto* description = std::get_if<SourceDescription>(&packet);
    if (description == nullptr) continue;
    for (const SourceChunk& chunk : description->chunks)
      for (const SourceItem& item : chunk.items)
        if (item.kind == SourceItemKind::kCname) return true;
  }
  return false;
}

Result<void> append_packet(const RtcpPacket& packet, std::vector<std::uint8_t>& out) {
  const std::size_t header = out.size();
  append_u32(out, 0);
  PacketWriter writer{out};
  SYRINX_TRY(std::visit(writer, packet));
  const std::size_t words = (out.size() - header - 4) / 4;
  SYRINX_TRY(check_count("words in one packet", words, 0xFFFF));
  out[header] = static_cast<std::uint8_t>(0x80 | writer.count);
  out[header + 1] = writer.type;
  store_u16(out, header + 2, static_cast<std::uint32_t>(words));
  return {};
}

}  // namespace

Result<std::vector<std::uint8_t>> write_rtcp(const std::vector<RtcpPacket>& packets,
                                             RtcpRules rules) {
  SYRINX_TRY(check_count("packets in one datagram", packets.size(), limits::kMaxRtcpPackets));
  if (packets.empty())
    return make_error(ErrorCode::kInvalidArgument, "RTCP without a packet; it has at least one");
  if (rules == RtcpRules::kCompound && !names_itself(packets))
    return make_error(ErrorCode::kInvalidArgument,
                      "compound RTCP without a CNAME; add a SourceDescription (RFC 3550, 6.1)");
  std::vector<std::uint8_t> out;
  for (const RtcpPacket& packet : packets) SYRINX_TRY(append_packet(packet, out));
  if (rules == RtcpRules::kCompound && !format::check_beginning(out[1]))
    return make_error(ErrorCode::kInvalidArgument, "compound RTCP that begins with type ",
                      int{out[1]}, "; put a sender or receiver report first");
  SYRINX_TRY(check_count("bytes of RTCP", out.size(), limits::kMaxDatagramBytes));
  return out;
}

}  // namespace syrinx::packet
