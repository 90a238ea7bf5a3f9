// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/io/mpeg_header.h"

#include <array>
#include <utility>
#include <vector>

#include "syrinx/core/io/stream_layout.h"

namespace syrinx::io {
namespace {

constexpr std::size_t kSearchBytes = 4'096;
constexpr std::uint64_t kId3v1Bytes = 128;

// Kilobits a second by index; 0 is free format, 15 forbidden. ISO/IEC 11172-3 2.4.2.3, 13818-3.
using BitrateRow = std::array<std::uint16_t, 15>;
constexpr BitrateRow kVersion1Layer1{0,   32,  64,  96,  128, 160, 192, 224,
                                     256, 288, 320, 352, 384, 416, 448};
constexpr BitrateRow kVersion1Layer2{0,   32,  48,  56,  64,  80,  96, 112,
                                     128, 160, 192, 224, 256, 320, 384};
constexpr BitrateRow kVersion1Layer3{0,   32,  40,  48,  56,  64,  80, 96,
                                     112, 128, 160, 192, 224, 256, 320};
constexpr BitrateRow kVersion2Layer1{0,   32,  48,  56,  64,  80,  96, 112,
                                     128, 144, 160, 176, 192, 224, 256};
constexpr BitrateRow kVersion2Layer23{0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160};
constexpr std::array<int, 3> kVersion1RatesHz{44'100, 48'000, 32'000};

const BitrateRow& bitrates(int version, int layer) noexcept {
  if (version != 1) return layer == 1 ? kVersion2Layer1 : kVersion2Layer23;
  return layer == 1 ? kVersion1Layer1 : layer == 2 ? kVersion1Layer2 : kVersion1Layer3;
}

std::size_t samples_per_frame(int version, int layer) noexcept {
  if (layer == 1) return 384;
  return layer == 3 && version != 1 ? 576 : 1'152;
}

// 144 (or 12 slots of 4 bytes, or 72) bits a sample, and one slot of padding.
std::size_t bytes_per_frame(const MpegHeader& header, std::size_t kbps, bool padded) noexcept {
  const auto rate = static_cast<std::size_t>(header.sample_rate_hz);
  const std::size_t padding = padded ? 1 : 0;
  if (header.layer == 1) return (12'000 * kbps / rate + padding) * 4;
  return header.frame_samples / 8 * 1'000 * kbps / rate + padding;
}

Result<std::optional<MpegHeader>> header_at(ByteSource& bytes, std::uint64_t at) {
  std::array<std::byte, 4> word{};
  SYRINX_ASSIGN(const std::size_t got, bytes.read_at(at, word));
  if (got < word.size()) return std::optional<MpegHeader>{};
  return parse_mpeg_header(load_be32(word, 0));
}

bool same_kind(const MpegHeader& a, const MpegHeader& b) noexcept {
  return a.version == b.version && a.layer == b.layer && a.sample_rate_hz == b.sample_rate_hz;
}

// Whether `needed` frames of one kind stand in a row at `at`, or fewer up to the end of the data.
Result<bool> frames_in_a_row(ByteSource& bytes, std::uint64_t at, MpegHeader first, int needed) {
  for (int found = 1; found < needed; ++found) {
    at += first.frame_bytes;
    const bool at_end = at == bytes.size() || at + kId3v1Bytes == bytes.size();
    if (at_end) return true;
    SYRINX_ASSIGN(const auto next, header_at(bytes, at));
    if (!next || !same_kind(first, *next)) return false;
    first = *next;
  }
  return true;
}

// The frames that a Xing or Info tag in the frame at `at` claims: it stands behind the side
// information.
Result<std::optional<std::uint64_t>> tagged_frames(ByteSource& bytes, std::uint64_t at,
                                                   const MpegHeader& header) {
  const bool mono = header.channels == 1;
  const std::size_t side = header.version == 1 ? (mono ? 17 : 32) : (mono ? 9 : 17);
  std::array<std::byte, 12> tag{};
  SYRINX_ASSIGN(const std::size_t got, bytes.read_at(at + 4 + side, tag));
  const bool tagged = has_tag(tag, 0, "Xing") || has_tag(tag, 0, "Info");
  const bool has_count = got == tag.size() && tagged && (load_be32(tag, 4) & 1) != 0;
  if (!has_count) return std::optional<std::uint64_t>{};
  return std::optional<std::uint64_t>{load_be32(tag, 8)};
}

}  // namespace

std::optional<MpegHeader> parse_mpeg_header(std::uint32_t word) noexcept {
  const std::uint32_t version_bits = word >> 19 & 3;
  const std::uint32_t layer_bits = word >> 17 & 3;
  const std::uint32_t bitrate_index = word >> 12 & 15;
  const std::uint32_t rate_index = word >> 10 & 3;
  const bool valid = word >> 21 == 0x7FF && version_bits != 1 && layer_bits != 0 &&
                     bitrate_index != 0 && bitrate_index != 15 && rate_index != 3;
  if (!valid) return std::nullopt;
  MpegHeader header;
  header.version = version_bits == 3 ? 1 : version_bits == 2 ? 2 : 3;
  header.layer = 4 - static_cast<int>(layer_bits);
  const int halvings = header.version - 1;
  header.sample_rate_hz = kVersion1RatesHz[rate_index] >> halvings;
  header.channels = (word >> 6 & 3) == 3 ? 1 : 2;
  header.frame_samples = samples_per_frame(header.version, header.layer);
  const std::size_t kbps = bitrates(header.version, header.layer)[bitrate_index];
  header.frame_bytes = bytes_per_frame(header, kbps, (word >> 9 & 1) != 0);
  return header;
}

Result<std::optional<std::uint64_t>> find_mpeg_frame(ByteSource& bytes, std::uint64_t start) {
  std::vector<std::byte> window(kSearchBytes);
  SYRINX_ASSIGN(const std::size_t got, bytes.read_at(start, window));
  for (std::size_t i = 0; i + 4 <= got; ++i) {
    const auto header = parse_mpeg_header(load_be32(window, i));
    if (!header) continue;
    const int needed = i == 0 ? 2 : 4;  // The further from the start, the likelier a coincidence.
    SYRINX_ASSIGN(const bool found, frames_in_a_row(bytes, start + i, *header, needed));
    if (found) return std::optional<std::uint64_t>{start + i};
  }
  return std::optional<std::uint64_t>{};
}

Result<StreamLayout> find_mp3_audio(ByteSource& bytes, std::uint64_t start, std::string_view name) {
  SYRINX_ASSIGN(const auto header, header_at(bytes, start));
  if (!header) return damaged(name, "its first MPEG frame has gone");
  StreamLayout layout;
  layout.format = AudioFormat::kMp3;
  layout.offset = start;
  layout.length = bytes.size() - start;
  SYRINX_ASSIGN(layout.mpeg_frames, tagged_frames(bytes, start, *header));
  return layout;
}

}  // namespace syrinx::io
