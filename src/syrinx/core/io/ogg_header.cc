// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>

#include "syrinx/core/io/stream_layout.h"

// RFC 3533 (Ogg pages), RFC 7845 (Opus in Ogg), the Vorbis I specification clause 4.2.
namespace syrinx::io {
namespace {

constexpr std::size_t kPageHeaderBytes = 27;
constexpr std::size_t kMaxPageBytes = kPageHeaderBytes + 255 + 255 * 255;
constexpr std::size_t kChecksumAt = 22;
constexpr std::size_t kMinPacketBytes = 19;  // OpusHead; Vorbis has 30.
constexpr std::uint32_t kFirstPageFlag = 2;
constexpr std::uint32_t kLastPageFlag = 4;

// The page's checksum with the stored one as 0: a CRC of 32 bits, polynomial 0x04C11DB7,
// unreflected.
std::uint32_t checksum(Bytes page) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < page.size(); ++i) {
    const bool stored = i >= kChecksumAt && i < kChecksumAt + 4;
    sum ^= stored ? 0u : byte_at(page, i) << 24;
    for (int bit = 0; bit < 8; ++bit) sum = sum << 1 ^ ((sum >> 31) != 0 ? 0x04C11DB7u : 0u);
  }
  return sum;
}

// The first page, whose checksum must be right: a decoder would else skip it and take another page,
// of another codec perhaps, for the first.
Result<std::vector<std::byte>> first_page(ByteSource& bytes, std::string_view name) {
  constexpr std::string_view kWhat = "its first page";
  SYRINX_ASSIGN(const auto header, read_exactly(bytes, 0, kPageHeaderBytes, name, kWhat));
  const std::size_t segments = byte_at(header, 26);
  SYRINX_ASSIGN(const auto laces, read_exactly(bytes, kPageHeaderBytes, segments, name, kWhat));
  std::size_t size = kPageHeaderBytes + segments;
  for (std::size_t i = 0; i < segments; ++i) size += byte_at(laces, i);
  const bool valid = byte_at(header, 4) == 0 && (byte_at(header, 5) & kFirstPageFlag) != 0 &&
                     size >= kPageHeaderBytes + segments + kMinPacketBytes;
  if (!valid) return damaged(name, "it begins like Ogg, but its first page is not valid");
  SYRINX_ASSIGN(auto page, read_exactly(bytes, 0, size, name, kWhat));
  if (checksum(page) == load_le32(page, kChecksumAt)) return page;
  return damaged(name, "the checksum of its first page is wrong");
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
  SYRINX_ASSIGN(const auto page, first_page(bytes, name));
  const auto packet = Bytes(page).subspan(kPageHeaderBytes + byte_at(page, 26));
  StreamLayout layout;
  SYRINX_ASSIGN(layout.format, codec_of(packet, name));
  layout.length = bytes.size();
  SYRINX_ASSIGN(const bool ended, ends_properly(bytes));
  layout.truncated = !ended;
  return layout;
}

}  // namespace syrinx::io
