// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string_view>

#include "syrinx/stages/packet/byte_order.h"
#include "syrinx/stages/packet/capture_formats.h"

// The binary form of rtptools' rtpdump: "#!rtpplay1.0 address/port\n", 16 bytes of header, and per
// packet its length with header, its length as RTP (0: it is RTCP) and milliseconds from the start.
namespace syrinx::packet {
namespace {

constexpr std::string_view kMagic = "#!rtpplay1.0 ";
constexpr std::size_t kHeaderBytes = 16;
constexpr std::size_t kRecordBytes = 8;
constexpr std::size_t kMaxLineBytes = 256;

}  // namespace

namespace format {

bool is_rtpdump(Bytes file) noexcept {
  return file.size() >= kMagic.size() &&
         std::equal(kMagic.begin(), kMagic.end(), file.begin(),
                    [](char a, std::uint8_t b) { return static_cast<std::uint8_t>(a) == b; });
}

Result<Capture> parse_rtpdump(Bytes file) {
  const auto last =
      file.begin() + static_cast<std::ptrdiff_t>(std::min(file.size(), kMaxLineBytes));
  const auto line_end = std::find(file.begin(), last, std::uint8_t{'\n'});
  if (line_end == last)
    return make_error(ErrorCode::kCorruptData, "the rtpdump's first line does not end within ",
                      kMaxLineBytes, " bytes");
  const std::string source(file.begin() + static_cast<std::ptrdiff_t>(kMagic.size()), line_end);
  std::size_t at = static_cast<std::size_t>(line_end - file.begin()) + 1;
  if (file.size() - at < kHeaderBytes)
    return make_error(ErrorCode::kCorruptData, "the rtpdump ends within its header");
  at += kHeaderBytes;
  Capture capture;
  capture.format = "rtpdump";
  while (file.size() - at >= kRecordBytes) {
    const std::size_t length = read_u16(file, at);
    if (length < kRecordBytes)
      return make_error(ErrorCode::kCorruptData, "the rtpdump record at byte ", at, " has ", length,
                        " bytes; its header alone has 8");
    if (length > file.size() - at) break;
    SYRINX_TRY(count_frame(capture));
    CapturedDatagram datagram;
    const std::size_t sent = read_u16(file, at + 2);
    const Bytes bytes = file.subspan(at + kRecordBytes, length - kRecordBytes);
    datagram.time = std::chrono::milliseconds(read_u32(file, at + 4));
    datagram.source = source;
    datagram.rtcp = sent == 0;
    datagram.payload_bytes = std::max(sent, bytes.size());
    datagram.cut = bytes.size() < sent;
    datagram.bytes.assign(bytes.begin(), bytes.end());
    capture.datagrams.push_back(std::move(datagram));
    at += length;
  }
  capture.ends_early = at != file.size();
  rebase_times(capture);
  return capture;
}

}  // namespace format

Result<std::vector<std::uint8_t>> rtpdump_bytes(const std::vector<CapturedDatagram>& datagrams) {
  constexpr std::string_view kLine = "#!rtpplay1.0 0.0.0.0/0\n";
  std::vector<std::uint8_t> out(kLine.begin(), kLine.end());
  out.resize(out.size() + kHeaderBytes);
  for (const CapturedDatagram& datagram : datagrams) {
    if (datagram.bytes.size() > 0xFFFF - kRecordBytes)
      return make_error(ErrorCode::kInvalidArgument, "a datagram of ", datagram.bytes.size(),
                        " bytes; rtpdump takes up to ", 0xFFFF - kRecordBytes);
    append_u16(out, static_cast<std::uint32_t>(datagram.bytes.size() + kRecordBytes));
    append_u16(out, datagram.rtcp ? 0 : static_cast<std::uint32_t>(datagram.bytes.size()));
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(datagram.time);
    append_u32(out, static_cast<std::uint32_t>(ms.count()));
    out.insert(out.end(), datagram.bytes.begin(), datagram.bytes.end());
  }
  return out;
}

}  // namespace syrinx::packet
