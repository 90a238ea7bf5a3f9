// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/call/session/rtcp_compound.h"

#include <algorithm>

#include "syrinx/stages/packet/byte_order.h"
#include "syrinx/stages/packet/rtcp_format.h"

namespace syrinx::call {
namespace {

using packet::Bytes;
using packet::read_u16;
using packet::read_u32;
using packet::read_u64;
using packet::ReportBlock;
using packet::store_u16;
using packet::store_u32;
using packet::format::kBye;
using packet::format::kReceiverReport;
using packet::format::kReportBlockBytes;
using packet::format::kSenderReport;
using packet::format::kSourceDescription;

constexpr std::size_t kHeaderBytes = 4;
constexpr std::size_t kSenderBytes = 20;

// Appends to bytes that are long enough.
class Writer {
 public:
  explicit Writer(std::span<std::uint8_t> out) noexcept : out_(out) {}

  void u8(std::uint32_t value) noexcept { out_[at_++] = static_cast<std::uint8_t>(value); }
  void u32(std::uint32_t value) noexcept {
    store_u32(out_, at_, value);
    at_ += 4;
  }
  // Begins a packet; end() fills in its length.
  void begin(std::uint32_t count, std::uint8_t type) noexcept {
    start_ = at_;
    u8(0x80 | count);
    u8(type);
    at_ += 2;
  }
  void end() noexcept {
    store_u16(out_, start_ + 2, static_cast<std::uint32_t>((at_ - start_) / 4 - 1));
  }
  std::size_t in_packet() const noexcept { return at_ - start_; }
  std::size_t bytes() const noexcept { return at_; }

 private:
  std::span<std::uint8_t> out_;
  std::size_t at_ = 0;
  std::size_t start_ = 0;
};

void write_block(const ReportBlock& block, Writer& out) noexcept {
  constexpr std::int32_t kMost = 0x7FFFFF;  // RFC 3550, A.3: clamped to 24 bits.
  const std::int32_t lost = std::clamp(block.cumulative_lost, -kMost - 1, kMost);
  out.u32(block.ssrc);
  out.u32((std::uint32_t{block.fraction_lost} << 24) |
          (static_cast<std::uint32_t>(lost) & 0xFFFFFF));
  out.u32(block.highest_sequence);
  out.u32(block.jitter_ticks);
  out.u32(block.last_sender_report);
  out.u32(block.delay_since_sender_report);
}

void write_report(const CompoundFields& fields, Writer& out) noexcept {
  out.begin(fields.block ? 1 : 0, fields.sender ? kSenderReport : kReceiverReport);
  out.u32(fields.ssrc);
  if (fields.sender) {
    out.u32(static_cast<std::uint32_t>(fields.sender->ntp_time >> 32));
    out.u32(static_cast<std::uint32_t>(fields.sender->ntp_time));
    out.u32(fields.sender->rtp_timestamp);
    out.u32(fields.sender->packets);
    out.u32(fields.sender->payload_bytes);
  }
  if (fields.block) write_block(*fields.block, out);
  out.end();
}

void write_description(const CompoundFields& fields, Writer& out) noexcept {
  out.begin(1, kSourceDescription);
  out.u32(fields.ssrc);
  out.u8(1);  // CNAME
  out.u8(static_cast<std::uint32_t>(fields.cname.size()));
  for (const char letter : fields.cname) out.u8(static_cast<unsigned char>(letter));
  do out.u8(0);
  while (out.in_packet() % 4 != 0);
  out.end();
}

// One packet of a compound, its header taken apart.
struct Piece {
  std::uint8_t type = 0;
  std::size_t count = 0;
  Bytes body;
};

// Takes the packet at the front of `rest`; padding only in the last (RFC 3550, A.2).
std::optional<Piece> next_piece(Bytes& rest) noexcept {
  if (rest.size() < kHeaderBytes || rest[0] >> 6 != 2) return std::nullopt;
  const std::size_t bytes = (std::size_t{read_u16(rest, 2)} + 1) * 4;
  if (bytes > rest.size()) return std::nullopt;
  Piece piece{rest[1], rest[0] & 31u, rest.subspan(kHeaderBytes, bytes - kHeaderBytes)};
  if ((rest[0] & 0x20) != 0) {
    const std::size_t padding = piece.body.empty() ? 0 : piece.body.back();
    if (bytes != rest.size() || padding == 0 || padding % 4 != 0 || padding > piece.body.size())
      return std::nullopt;
    piece.body = piece.body.first(piece.body.size() - padding);
  }
  rest = rest.subspan(bytes);
  return piece;
}

bool read_report(const Piece& piece, std::uint32_t own_ssrc, CompoundView& view) noexcept {
  const std::size_t head = 4 + (piece.type == kSenderReport ? kSenderBytes : 0);
  if (piece.body.size() < head + piece.count * kReportBlockBytes) return false;
  if (piece.type == kSenderReport) {
    SenderInfo info;
    info.ntp_time = read_u64(piece.body, 4);
    info.rtp_timestamp = read_u32(piece.body, 12);
    info.packets = read_u32(piece.body, 16);
    info.payload_bytes = read_u32(piece.body, 20);
    view.sender = info;
  }
  for (std::size_t i = 0; i < piece.count; ++i) {
    const ReportBlock block =
        packet::format::read_report_block(piece.body, head + i * kReportBlockBytes);
    if (block.ssrc == own_ssrc) view.about = block;
  }
  return true;
}

bool read_bye(const Piece& piece, CompoundView& view) noexcept {
  if (piece.body.size() < piece.count * 4) return false;
  for (std::size_t i = 0; i < piece.count; ++i)
    view.bye = view.bye || read_u32(piece.body, i * 4) == view.ssrc;
  return true;
}

}  // namespace

std::size_t write_compound(const CompoundFields& fields, std::span<std::uint8_t> out) noexcept {
  SYRINX_CHECK(out.size() >= kMaxCompound && !fields.cname.empty() && fields.cname.size() <= 255,
               "a compound needs room and a name");
  Writer writer(out);
  write_report(fields, writer);
  write_description(fields, writer);
  if (fields.bye) {
    writer.begin(1, kBye);
    writer.u32(fields.ssrc);
    writer.end();
  }
  return writer.bytes();
}

std::optional<CompoundView> read_compound(Bytes datagram, std::uint32_t own_ssrc) noexcept {
  CompoundView view;
  bool first = true;
  while (!datagram.empty()) {
    const auto piece = next_piece(datagram);
    if (!piece) return std::nullopt;
    if (first && piece->body.size() >= 4) view.ssrc = read_u32(piece->body, 0);
    first = false;
    const bool report = piece->type == kSenderReport || piece->type == kReceiverReport;
    if (report && !read_report(*piece, own_ssrc, view)) return std::nullopt;
    if (piece->type == kBye && !read_bye(*piece, view)) return std::nullopt;
  }
  if (first) return std::nullopt;
  return view;
}

}  // namespace syrinx::call
