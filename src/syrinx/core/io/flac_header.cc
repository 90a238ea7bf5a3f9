// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <utility>

#include "syrinx/core/io/stream_layout.h"

// RFC 9639 clause 8: a FLAC file is "fLaC", metadata blocks of which STREAMINFO is the first, and
// frames.
namespace syrinx::io {
namespace {

constexpr std::size_t kBlockHeaderBytes = 4;
constexpr std::size_t kStreamInfoBytes = 34;
constexpr std::size_t kHeadBytes = 4 + kBlockHeaderBytes + kStreamInfoBytes;
constexpr std::byte kLastBlock{0x80};

Result<void> check_stream_info(Bytes head, std::string_view name) {
  if (byte_at(head, 4) % 0x80 != 0 || (load_be32(head, 4) & 0xFFFFFF) != kStreamInfoBytes) {
    return damaged(name, "it begins like FLAC, but without a STREAMINFO block");
  }
  // 20 bits of rate, 3 of channels less 1, 5 of bits less 1.
  const std::uint32_t packed = load_be32(head, 18);
  SYRINX_TRY(check_rate_and_channels(name, packed >> 12, (packed >> 9 & 7) + 1));
  const std::uint32_t bits = (packed >> 4 & 31) + 1;
  if (bits == 8 || bits == 16 || bits == 24) return {};
  return make_error(ErrorCode::kUnsupported, "'", name, "' is FLAC of ", bits,
                    " bits a sample; 8, 16 and 24 are read");
}

// Where the first frame is: behind the last metadata block.
Result<std::uint64_t> after_metadata(ByteSource& bytes, std::uint64_t start,
                                     std::string_view name) {
  std::uint64_t at = start + 4;
  for (std::size_t i = 0; i < limits::kMaxFileChunks; ++i) {
    SYRINX_ASSIGN(const auto block,
                  read_exactly(bytes, at, kBlockHeaderBytes, name, "its metadata"));
    at += kBlockHeaderBytes + (load_be32(block, 0) & 0xFFFFFF);
    if ((block[0] & kLastBlock) != std::byte{0}) return at;
  }
  return damaged(name, "its metadata does not end");
}

}  // namespace

Result<StreamLayout> find_flac_audio(ByteSource& bytes, std::uint64_t start,
                                     std::string_view name) {
  StreamLayout layout;
  layout.format = AudioFormat::kFlac;
  SYRINX_ASSIGN(layout.head, read_exactly(bytes, start, kHeadBytes, name, "its STREAMINFO block"));
  SYRINX_TRY(check_stream_info(layout.head, name));
  SYRINX_ASSIGN(const std::uint64_t frames_at, after_metadata(bytes, start, name));
  if (frames_at > bytes.size()) return damaged(name, "it ends inside its metadata");
  layout.head[4] |= kLastBlock;  // Pictures, tags and seek tables are not shown to the decoder.
  layout.offset = frames_at;
  layout.length = bytes.size() - frames_at;
  return layout;
}

}  // namespace syrinx::io
