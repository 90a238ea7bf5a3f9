// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>

#include "syrinx/core/io/stream_layout.h"

// RFC 3533 (Ogg pages), RFC 7845 (Opus in Ogg), the Vorbis I specification clause 4.2.
namespace syrinx::io {
namespace {

constexpr std::size_t kPageHeaderBytes = 27;
constexpr std::size_t kMaxPageBytes = kPageHeaderBytes + 255 + 255 * 255;
constexpr std::size_t kMinPacketBytes = 19;  // OpusHead; Vorbis has 30.
constexpr std::uint32_t kFirstPageFlag = 2;
constexpr std::uint32_t kLastPageFlag = 4;

// The first packet, as far as it is needed to tell the codec.
Result<std::vector<std::byte>> first_packet(ByteSource& bytes, std::string_view name) {
  SYRINX_ASSIGN(const auto page, read_exactly(bytes, 0, kPageHeaderBytes, name, "its first page"));
  const bool valid = byte_at(page, 4) == 0 && (byte_at(page, 5) & kFirstPageFlag) != 0;
  if (!valid) return damaged(name, "it begins like Ogg, but its first page is not valid");
  const std::uint64_t at = kPageHeaderBytes + byte_at(page, 26);
  return read_exactly(bytes, at, kMinPacketBytes, name, "its first page");
}

Result<AudioFormat> codec_of(Bytes packet, std::string_view name) {
  if (has_tag(packet, 0, "\x01vorbis")) {
    const std::uint32_t channels = byte_at(packet, 11);
    SYRINX_TRY(check_rate_and_channels(name, load_le32(packet, 12), channels));
    return AudioFormat::kOggVorbis;
  }
  if (has_tag(packet, 0, "OpusHead")) {
    SYRINX_TRY(check_rate_and_channels(name, 48'000, byte_at(packet, 9)));
    return AudioFormat::kOpus;
  }
  return make_error(ErrorCode::kUnsupported, "'", name,
                    "' is Ogg with neither Vorbis nor Opus in it; convert it to one of these");
}

// Whether the last page that can be found says that it is the last.
Result<bool> ends_properly(ByteSource& bytes) {
  const std::uint64_t at = bytes.size() - std::min<std::uint64_t>(bytes.size(), kMaxPageBytes);
  std::vector<std::byte> tail(kMaxPageBytes);
  SYRINX_ASSIGN(const std::size_t got, bytes.read_at(at, tail));
  const Bytes there = Bytes(tail).first(got);
  for (std::size_t i = got; i-- > 0;) {
    const bool is_page = has_tag(there, i, "OggS") && got - i >= kPageHeaderBytes;
    if (is_page) return (byte_at(there, i + 5) & kLastPageFlag) != 0;
  }
  return false;
}

}  // namespace

Result<StreamLayout> find_ogg_audio(ByteSource& bytes, std::string_view name) {
  SYRINX_ASSIGN(const auto packet, first_packet(bytes, name));
  StreamLayout layout;
  SYRINX_ASSIGN(layout.format, codec_of(packet, name));
  layout.length = bytes.size();
  SYRINX_ASSIGN(const bool ended, ends_properly(bytes));
  layout.truncated = !ended;
  return layout;
}

}  // namespace syrinx::io
