// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "syrinx/core/io/pcm_header.h"
#include "syrinx/core/io/stream_layout.h"

// Microsoft/IBM "Multimedia Programming Interface and Data Specifications 1.0" (RIFF WAVE), the
// extensible form of mmreg.h, and EBU Tech 3306 (RF64).
namespace syrinx::io {
namespace {

constexpr std::uint16_t kTagPcm = 1;
constexpr std::uint16_t kTagFloat = 3;
constexpr std::uint16_t kTagALaw = 6;
constexpr std::uint16_t kTagMuLaw = 7;
constexpr std::uint16_t kTagExtensible = 0xFFFE;
constexpr std::size_t kChunkHeaderBytes = 8;
constexpr std::size_t kMaxFmtBytes = 40;

struct Chunk {
  std::vector<std::byte> id;
  std::uint64_t at = 0;  // Of the chunk's contents.
  std::uint64_t bytes = 0;
};

Result<Chunk> read_chunk(ByteSource& file, std::uint64_t at, std::string_view name) {
  SYRINX_ASSIGN(auto head, read_exactly(file, at, kChunkHeaderBytes, name, "a chunk's header"));
  Chunk chunk;
  chunk.at = at + kChunkHeaderBytes;
  chunk.bytes = load_le32(head, 4);
  chunk.id = std::move(head);
  return chunk;
}

bool is(const Chunk& chunk, std::string_view id) { return has_tag(chunk.id, 0, id); }

// Chunks of odd length are padded to even; some writers forget, so look which of the two places
// has a chunk that is needed.
Result<std::uint64_t> after(ByteSource& file, const Chunk& chunk) {
  const std::uint64_t end = chunk.at + chunk.bytes;
  if (chunk.bytes % 2 == 0) return end;
  std::array<std::byte, 4> id{};
  SYRINX_ASSIGN(const std::size_t got, file.read_at(end, id));
  const bool unpadded = got == id.size() && (has_tag(id, 0, "fmt ") || has_tag(id, 0, "data"));
  return unpadded ? end : end + 1;
}

std::string hex(std::uint16_t tag) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string text = "0x";
  for (int shift = 12; shift >= 0; shift -= 4) text += kDigits[tag >> shift & 15];
  return text;
}

Result<SampleEncoding> encoding_of(std::uint16_t tag, std::uint16_t bits, std::string_view name) {
  if (tag == kTagPcm && bits == 8) return SampleEncoding::kUint8;
  if (tag == kTagPcm && bits == 16) return SampleEncoding::kInt16;
  if (tag == kTagPcm && bits == 24) return SampleEncoding::kInt24;
  if (tag == kTagPcm && bits == 32) return SampleEncoding::kInt32;
  if (tag == kTagFloat && bits == 32) return SampleEncoding::kFloat32;
  if (tag == kTagFloat && bits == 64) return SampleEncoding::kFloat64;
  if (tag == kTagALaw && bits == 8) return SampleEncoding::kALaw;
  if (tag == kTagMuLaw && bits == 8) return SampleEncoding::kMuLaw;
  if (bits == 0) return damaged(name, "its header gives samples of 0 bits");
  return make_error(ErrorCode::kUnsupported, "'", name, "' is WAV with format tag ", hex(tag),
                    " and ", bits,
                    " bits a sample; PCM of 8, 16, 24 or 32 bits, float of 32 or 64, A-law and "
                    "mu-law are read; convert it to one of these");
}

Result<RawAudioLayout> parse_fmt(ByteSource& file, const Chunk& chunk, std::string_view name) {
  if (chunk.bytes < 16) return damaged(name, "its 'fmt ' chunk is shorter than 16 bytes");
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(chunk.bytes, kMaxFmtBytes));
  SYRINX_ASSIGN(const auto fmt, read_exactly(file, chunk.at, size, name, "its 'fmt ' chunk"));
  std::uint16_t tag = load_le16(fmt, 0);
  if (tag == kTagExtensible && size >= 26) tag = load_le16(fmt, 24);
  const std::uint32_t rate_hz = load_le32(fmt, 4);
  RawAudioLayout pcm;
  SYRINX_TRY(check_rate_and_channels(name, rate_hz, load_le16(fmt, 2)));
  pcm.channels = load_le16(fmt, 2);
  pcm.sample_rate_hz = static_cast<int>(rate_hz);
  SYRINX_ASSIGN(pcm.encoding, encoding_of(tag, load_le16(fmt, 14), name));
  const std::size_t frame_bytes = bytes_per_sample(pcm.encoding) * pcm.channels;
  if (load_le16(fmt, 12) == frame_bytes) return pcm;
  return damaged(name, "its header gives frames of " + std::to_string(load_le16(fmt, 12)) +
                           " bytes where its channels and bits make " +
                           std::to_string(frame_bytes));
}

// What the data chunk promises; a size that a streaming writer left open promises the rest.
std::uint64_t declared_bytes(const Chunk& data, std::uint32_t riff_size, std::uint64_t ds64_bytes,
                             std::uint64_t file_size) {
  const std::uint64_t rest = file_size - data.at;
  if (data.bytes == kUnknownSize && ds64_bytes > 0) return ds64_bytes;
  if (data.bytes == kUnknownSize) return rest;
  const bool never_filled_in = data.bytes == 0 && (riff_size == 0 || riff_size == kUnknownSize);
  return never_filled_in ? rest : data.bytes;
}

Result<std::uint64_t> ds64_data_bytes(ByteSource& file, const Chunk& chunk, std::string_view name) {
  if (chunk.bytes < 24) return damaged(name, "its 'ds64' chunk is shorter than 24 bytes");
  SYRINX_ASSIGN(const auto sizes, read_exactly(file, chunk.at, 16, name, "its 'ds64' chunk"));
  return load_le64(sizes, 8);
}

}  // namespace

Result<StreamLayout> find_wav_audio(ByteSource& bytes, std::string_view name) {
  SYRINX_ASSIGN(const auto riff, read_exactly(bytes, 0, 12, name, "its RIFF header"));
  StreamLayout layout;
  layout.format = AudioFormat::kWav;
  std::uint64_t ds64_bytes = 0;
  std::uint64_t at = riff.size();
  for (std::size_t i = 0; i < limits::kMaxFileChunks; ++i) {
    if (at >= bytes.size()) return damaged(name, "it has no 'data' chunk");
    SYRINX_ASSIGN(const Chunk chunk, read_chunk(bytes, at, name));
    if (is(chunk, "data")) {
      if (!layout.pcm) return damaged(name, "its 'data' chunk comes before any 'fmt ' chunk");
      place_pcm(layout, chunk.at,
                declared_bytes(chunk, load_le32(riff, 4), ds64_bytes, bytes.size()), bytes.size());
      return layout;
    }
    if (is(chunk, "fmt ")) {
      SYRINX_ASSIGN(layout.pcm, parse_fmt(bytes, chunk, name));
    }
    if (is(chunk, "ds64")) {
      SYRINX_ASSIGN(ds64_bytes, ds64_data_bytes(bytes, chunk, name));
    }
    SYRINX_ASSIGN(at, after(bytes, chunk));
  }
  return make_error(ErrorCode::kLimitExceeded, "'", name, "' has no 'data' among its first ",
                    limits::kMaxFileChunks, " chunks");
}

}  // namespace syrinx::io
