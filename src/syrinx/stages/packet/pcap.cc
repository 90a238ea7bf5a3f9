// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "syrinx/stages/packet/byte_order.h"
#include "syrinx/stages/packet/capture_formats.h"
#include "syrinx/stages/packet/limits.h"

// libpcap's file format (draft-ietf-opsawg-pcap) and its successor (draft-ietf-opsawg-pcapng).
namespace syrinx::packet::format {
namespace {

constexpr std::size_t kFileHeaderBytes = 24;
constexpr std::size_t kRecordHeaderBytes = 16;
constexpr std::uint32_t kMicroseconds = 0xA1B2C3D4;
constexpr std::uint32_t kNanoseconds = 0xA1B23C4D;

// Numbers of a file that its writer's machine ordered.
struct Numbers {
  Bytes bytes;
  bool little = false;

  std::uint16_t u16(std::size_t at) const noexcept {
    return little ? static_cast<std::uint16_t>(bytes[at] | (bytes[at + 1] << 8))
                  : read_u16(bytes, at);
  }
  std::uint32_t u32(std::size_t at) const noexcept {
    return little ? u16(at) | (std::uint32_t{u16(at + 2)} << 16) : read_u32(bytes, at);
  }
};

Error unknown_link(std::uint32_t link_type) {
  return make_error(ErrorCode::kUnsupported, "the capture has link type ", link_type,
                    "; Ethernet, loopback, Linux cooked and raw IP are read");
}

// ---- pcapng

constexpr std::uint32_t kSectionBlock = 0x0A0D0D0A;
constexpr std::uint32_t kInterfaceBlock = 1;
constexpr std::uint32_t kSimplePacketBlock = 3;
constexpr std::uint32_t kEnhancedPacketBlock = 6;
constexpr std::size_t kMaxInterfaces = 1'024;

struct Interface {
  std::uint32_t link_type = 0;
  double tick_s = 1e-6;
};

class PcapngReader {
 public:
  explicit PcapngReader(Bytes file) : file_(file) { capture_.format = "pcapng"; }

  Result<Capture> read() {
    while (file_.size() - at_ >= 12) {
      if (read_u32(file_, at_) == kSectionBlock) SYRINX_TRY(begin_section());
      const Numbers numbers{file_.subspan(at_), little_};
      const std::uint32_t type = numbers.u32(0);
      const std::size_t length = numbers.u32(4);
      if (length < 12 || length % 4 != 0) {
        return make_error(ErrorCode::kCorruptData, "the pcapng block at byte ", at_, " has ",
                          length, " bytes; a block has a multiple of 4, at least 12");
      }
      if (length > file_.size() - at_) break;
      SYRINX_TRY(take_block(type, {file_.subspan(at_ + 8, length - 12), little_}));
      at_ += length;
    }
    capture_.ends_early = at_ != file_.size();
    rebase_times(capture_);
    return std::move(capture_);
  }

 private:
  Result<void> begin_section() {
    const std::uint32_t magic = read_u32(file_, at_ + 8);
    if (magic != 0x1A2B3C4D && magic != 0x4D3C2B1A)
      return make_error(ErrorCode::kCorruptData, "the pcapng section at byte ", at_,
                        " does not say its byte order");
    little_ = magic == 0x4D3C2B1A;
    interfaces_.clear();
    return {};
  }

  Result<void> take_block(std::uint32_t type, const Numbers& body) {
    if (type == kInterfaceBlock) return take_interface(body);
    if (type == kEnhancedPacketBlock) return take_packet(body);
    if (type == kSimplePacketBlock)
      return make_error(ErrorCode::kUnsupported,
                        "the capture holds packets without times; nothing about jitter is in it");
    return {};
  }

  Result<void> take_interface(const Numbers& body) {
    if (body.bytes.size() < 8) return broken("interface");
    if (interfaces_.size() == kMaxInterfaces)
      return make_error(ErrorCode::kLimitExceeded, "more than ", kMaxInterfaces,
                        " interfaces in one capture");
    Interface interface { body.u16(0) };
    if (!knows_link_type(interface.link_type)) return unknown_link(interface.link_type);
    for (std::size_t at = 8; body.bytes.size() >= at + 4;) {
      const std::uint16_t code = body.u16(at);
      const std::size_t length = body.u16(at + 2);
      if (code == 0 || body.bytes.size() - at - 4 < length) break;
      if (code == 9 && length >= 1) interface.tick_s = tick_of(body.bytes[at + 4]);
      at += 4 + (length + 3) / 4 * 4;
    }
    interfaces_.push_back(interface);
    return {};
  }

  static double tick_of(std::uint8_t resolution) noexcept {
    const double base = (resolution & 0x80) != 0 ? 0.5 : 0.1;
    double tick = 1.0;
    for (int i = 0; i < (resolution & 0x7F); ++i) tick *= base;
    return tick;
  }

  Result<void> take_packet(const Numbers& body) {
    if (body.bytes.size() < 20) return broken("packet");
    const std::uint32_t number = body.u32(0);
    const std::size_t captured = body.u32(12);
    if (number >= interfaces_.size() || captured > body.bytes.size() - 20) return broken("packet");
    SYRINX_TRY(count_frame(capture_));
    const double ticks = static_cast<double>((std::uint64_t{body.u32(4)} << 32) | body.u32(8));
    if (!has_first_) first_ticks_ = ticks;  // Doubles hold nanoseconds only near to zero.
    has_first_ = true;
    const double ns = (ticks - first_ticks_) * interfaces_[number].tick_s * 1e9;
    if (!(ns > -9e18 && ns < 9e18)) return broken("packet");
    add_frame(interfaces_[number].link_type, body.bytes.subspan(20, captured), body.u32(16),
              std::chrono::nanoseconds(static_cast<std::int64_t>(ns)), capture_);
    return {};
  }

  Error broken(std::string_view what) const {
    return make_error(ErrorCode::kCorruptData, "the pcapng ", what, " block at byte ", at_,
                      " contradicts itself");
  }

  Bytes file_;
  Capture capture_;
  std::vector<Interface> interfaces_;
  std::size_t at_ = 0;
  double first_ticks_ = 0.0;
  bool has_first_ = false;
  bool little_ = false;
};

bool is_magic(std::uint32_t value) noexcept {
  return value == kMicroseconds || value == kNanoseconds;
}

}  // namespace

bool is_pcap(Bytes file) noexcept {
  if (file.size() < kFileHeaderBytes) return false;
  return is_magic(Numbers{file, false}.u32(0)) || is_magic(Numbers{file, true}.u32(0));
}

Result<Capture> parse_pcap(Bytes file) {
  const Numbers header{file, is_magic(Numbers{file, true}.u32(0))};
  const std::int64_t tick_ns = header.u32(0) == kNanoseconds ? 1 : 1'000;
  const std::uint32_t link_type = header.u32(20) & 0xFFFF;  // Above: what checks frames.
  if (!knows_link_type(link_type)) return unknown_link(link_type);
  Capture capture;
  capture.format = "pcap";
  std::size_t at = kFileHeaderBytes;
  while (file.size() - at >= kRecordHeaderBytes) {
    const Numbers record{file.subspan(at), header.little};
    const std::size_t captured = record.u32(8);
    if (captured > file.size() - at - kRecordHeaderBytes) break;
    SYRINX_TRY(count_frame(capture));
    const std::int64_t ns =
        std::int64_t{record.u32(0)} * 1'000'000'000 + std::int64_t{record.u32(4)} * tick_ns;
    add_frame(link_type, file.subspan(at + kRecordHeaderBytes, captured), record.u32(12),
              std::chrono::nanoseconds(ns), capture);
    at += kRecordHeaderBytes + captured;
  }
  capture.ends_early = at != file.size();
  rebase_times(capture);
  return capture;
}

bool is_pcapng(Bytes file) noexcept {
  return file.size() >= 12 && read_u32(file, 0) == kSectionBlock;
}

Result<Capture> parse_pcapng(Bytes file) { return PcapngReader(file).read(); }

}  // namespace syrinx::packet::format
