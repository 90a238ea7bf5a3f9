// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "syrinx/stages/packet/byte_order.h"
#include "syrinx/stages/packet/capture_formats.h"
#include "syrinx/stages/packet/limits.h"

// From a frame of some network to the UDP datagram in it.
namespace syrinx::packet::format {
namespace {

// As tcpdump.org numbers them.
constexpr std::uint32_t kLoopback = 0;
constexpr std::uint32_t kEthernet = 1;
constexpr std::uint32_t kRawIp = 101;
constexpr std::uint32_t kLoopbackNetworkOrder = 108;
constexpr std::uint32_t kLinuxCooked = 113;
constexpr std::uint32_t kIpv4Only = 228;
constexpr std::uint32_t kIpv6Only = 229;
constexpr std::uint32_t kLinuxCooked2 = 276;

constexpr std::uint8_t kUdp = 17;

// The IP packet in a frame; empty when it is something else.
Bytes after_ethernet(Bytes frame) noexcept {
  std::size_t at = 12;
  while (frame.size() >= at + 2) {
    const std::uint16_t type = read_u16(frame, at);
    if (type == 0x0800 || type == 0x86DD) return frame.subspan(at + 2);
    if (type != 0x8100 && type != 0x88A8) return {};  // A VLAN's tag is stepped over.
    at += 4;
  }
  return {};
}

Bytes after_bytes(Bytes frame, std::size_t count) noexcept {
  return frame.size() > count ? frame.subspan(count) : Bytes{};
}

Bytes ip_packet_in(std::uint32_t link_type, Bytes frame) noexcept {
  switch (link_type) {
    case kEthernet:
      return after_ethernet(frame);
    case kLinuxCooked:
      return after_bytes(frame, 16);
    case kLinuxCooked2:
      return after_bytes(frame, 20);
    case kLoopback:
    case kLoopbackNetworkOrder:
      return after_bytes(frame, 4);
    default:
      return frame;
  }
}

struct Endpoints {
  std::string source;
  std::string destination;
};

std::string ipv4_text(Bytes bytes) {
  std::string text;
  for (const std::uint8_t byte : bytes)
    text += (text.empty() ? "" : ".") + std::to_string(int{byte});
  return text;
}

std::string ipv6_text(Bytes bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text = "[";
  for (std::size_t i = 0; i < 16; i += 2) {
    if (i > 0) text += ':';
    const std::uint16_t group = read_u16(bytes, i);
    bool begun = false;
    for (int shift = 12; shift >= 0; shift -= 4) {
      const int digit = (group >> shift) & 15;
      begun = begun || digit != 0 || shift == 0;
      if (begun) text += kDigits[digit];
    }
  }
  return text + "]";
}

struct UdpInIp {
  Bytes udp;  // With its header; empty when there is none.
  Endpoints ends;
};

UdpInIp in_ipv4(Bytes ip) {
  if (ip.size() < 20) return {};
  const std::size_t header = (ip[0] & 15u) * 4u;
  const bool fragment = (read_u16(ip, 6) & 0x3FFF) != 0;
  if (header < 20 || ip.size() < header || ip[9] != kUdp || fragment) return {};
  return {ip.subspan(header), {ipv4_text(ip.subspan(12, 4)), ipv4_text(ip.subspan(16, 4))}};
}

UdpInIp in_ipv6(Bytes ip) {
  if (ip.size() < 40) return {};
  std::uint8_t next = ip[6];
  std::size_t at = 40;
  while (next == 0 || next == 43 || next == 60) {  // Options that stand before UDP.
    if (ip.size() < at + 8) return {};
    next = ip[at];
    at += (ip[at + 1] + 1u) * 8u;
  }
  if (next != kUdp || ip.size() < at) return {};
  return {ip.subspan(at), {ipv6_text(ip.subspan(8, 16)), ipv6_text(ip.subspan(24, 16))}};
}

}  // namespace

bool knows_link_type(std::uint32_t link_type) noexcept {
  switch (link_type) {
    case kLoopback:
    case kEthernet:
    case kRawIp:
    case kLoopbackNetworkOrder:
    case kLinuxCooked:
    case kIpv4Only:
    case kIpv6Only:
    case kLinuxCooked2:
      return true;
    default:
      return false;
  }
}

void add_frame(std::uint32_t link_type, Bytes frame, std::size_t whole_bytes,
               std::chrono::nanoseconds time, Capture& capture) {
  const Bytes ip = ip_packet_in(link_type, frame);
  UdpInIp found;
  if (!ip.empty() && ip[0] >> 4 == 4) found = in_ipv4(ip);
  if (!ip.empty() && ip[0] >> 4 == 6) found = in_ipv6(ip);
  if (found.udp.size() < 8 || read_u16(found.udp, 4) < 8) {
    ++capture.skipped_frames;
    return;
  }
  CapturedDatagram datagram;
  datagram.time = time;
  datagram.source = found.ends.source + ":" + std::to_string(read_u16(found.udp, 0));
  datagram.destination = found.ends.destination + ":" + std::to_string(read_u16(found.udp, 2));
  datagram.payload_bytes = read_u16(found.udp, 4) - std::size_t{8};
  Bytes payload = found.udp.subspan(8);
  if (payload.size() > datagram.payload_bytes) payload = payload.first(datagram.payload_bytes);
  datagram.cut = payload.size() < datagram.payload_bytes || frame.size() < whole_bytes;
  datagram.rtcp = looks_like_rtcp(payload);
  datagram.bytes.assign(payload.begin(), payload.end());
  capture.datagrams.push_back(std::move(datagram));
}

void rebase_times(Capture& capture) noexcept {
  if (capture.datagrams.empty()) return;
  const auto first = capture.datagrams.front().time;
  for (CapturedDatagram& datagram : capture.datagrams) datagram.time -= first;
}

Result<void> count_frame(Capture& capture) {
  if (++capture.frames <= limits::kMaxCapturePackets) return {};
  return make_error(ErrorCode::kLimitExceeded, "more than ", limits::kMaxCapturePackets,
                    " packets in one capture; cut it into parts");
}

}  // namespace syrinx::packet::format
