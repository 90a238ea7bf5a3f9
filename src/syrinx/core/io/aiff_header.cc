// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <utility>

#include "syrinx/core/io/stream_layout.h"

// Apple's "Audio Interchange File Format: AIFF 1.3" and "AIFF-C" draft.
namespace syrinx::io {
namespace {

constexpr std::size_t kChunkHeaderBytes = 8;
constexpr std::size_t kCommBytes = 18;
constexpr std::size_t kAifcCommBytes = 22;
constexpr std::size_t kSoundHeaderBytes = 8;

struct Common {
  RawAudioLayout pcm;
  std::uint64_t frames = 0;
};

struct SoundData {
  std::uint64_t at = 0;  // Of the first sample.
  std::uint64_t bytes = 0;
};

// An 80-bit IEEE 754 extended float: how AIFF stores its sample rate. NaN and negatives become 0.
double load_extended(Bytes bytes, std::size_t at) {
  const std::uint16_t sign_and_exponent = load_be16(bytes, at);
  const bool unusable = (sign_and_exponent & 0x8000) != 0 || sign_and_exponent == 0x7FFF;
  if (unusable) return 0.0;
  return std::ldexp(static_cast<double>(load_be64(bytes, at + 2)), sign_and_exponent - 16'383 - 63);
}

struct Compression {
  std::string_view id;
  SampleEncoding encoding;
  bool big_endian;
  std::uint16_t bits;  // 0: any.
};

constexpr std::array<Compression, 11> kCompressions{{
    {"sowt", SampleEncoding::kInt16, false, 16},
    {"in24", SampleEncoding::kInt24, true, 0},
    {"in32", SampleEncoding::kInt32, true, 0},
    {"fl32", SampleEncoding::kFloat32, true, 0},
    {"FL32", SampleEncoding::kFloat32, true, 0},
    {"fl64", SampleEncoding::kFloat64, true, 0},
    {"FL64", SampleEncoding::kFloat64, true, 0},
    {"ulaw", SampleEncoding::kMuLaw, true, 0},
    {"ULAW", SampleEncoding::kMuLaw, true, 0},
    {"alaw", SampleEncoding::kALaw, true, 0},
    {"ALAW", SampleEncoding::kALaw, true, 0},
}};

Result<void> set_pcm_encoding(RawAudioLayout& pcm, std::uint16_t bits, std::string_view name) {
  pcm.big_endian = true;
  if (bits == 0) return damaged(name, "its header gives samples of 0 bits");
  if (bits == 8) pcm.encoding = SampleEncoding::kInt8;
  if (bits == 16) pcm.encoding = SampleEncoding::kInt16;
  if (bits == 24) pcm.encoding = SampleEncoding::kInt24;
  if (bits == 32) pcm.encoding = SampleEncoding::kInt32;
  if (bits % 8 == 0 && bits <= 32) return {};
  return make_error(ErrorCode::kUnsupported, "'", name, "' is AIFF of ", bits,
                    " bits a sample; 8, 16, 24 and 32 are read");
}

Result<void> set_encoding(RawAudioLayout& pcm, Bytes comm, std::string_view name) {
  const std::uint16_t bits = load_be16(comm, 6);
  const bool plain =
      comm.size() < kAifcCommBytes || has_tag(comm, 18, "NONE") || has_tag(comm, 18, "twos");
  if (plain) return set_pcm_encoding(pcm, bits, name);
  for (const auto& kind : kCompressions) {
    if (!has_tag(comm, 18, kind.id) || (kind.bits != 0 && kind.bits != bits)) continue;
    pcm.encoding = kind.encoding;
    pcm.big_endian = kind.big_endian;
    return {};
  }
  return make_error(ErrorCode::kUnsupported, "'", name,
                    "' is AIFF-C of a compression that is not read; convert it to plain AIFF");
}

Result<Common> parse_comm(ByteSource& file, std::uint64_t at, std::uint64_t bytes, bool is_aifc,
                          std::string_view name) {
  const std::size_t size = is_aifc ? kAifcCommBytes : kCommBytes;
  if (bytes < size) return damaged(name, "its 'COMM' chunk is too short");
  SYRINX_ASSIGN(const auto comm, read_exactly(file, at, size, name, "its 'COMM' chunk"));
  Common common;
  const double rate_hz = load_extended(comm, 8);
  SYRINX_TRY(check_rate_and_channels(name, rate_hz, load_be16(comm, 0)));
  common.pcm.channels = load_be16(comm, 0);
  common.pcm.sample_rate_hz = static_cast<int>(std::lround(rate_hz));
  common.frames = load_be32(comm, 2);
  SYRINX_TRY(set_encoding(common.pcm, comm, name));
  return common;
}

Result<SoundData> parse_ssnd(ByteSource& file, std::uint64_t at, std::uint64_t bytes,
                             std::string_view name) {
  if (bytes < kSoundHeaderBytes) return damaged(name, "its 'SSND' chunk is too short");
  SYRINX_ASSIGN(const auto head,
                read_exactly(file, at, kSoundHeaderBytes, name, "its 'SSND' chunk's header"));
  const std::uint64_t skipped = kSoundHeaderBytes + load_be32(head, 0);
  return SoundData{at + skipped, bytes > skipped ? bytes - skipped : 0};
}

StreamLayout place(const Common& common, const SoundData& sound, std::uint64_t file_size) {
  StreamLayout layout;
  layout.format = AudioFormat::kAiff;
  layout.pcm = common.pcm;
  const std::uint64_t frame = bytes_per_sample(common.pcm.encoding) * common.pcm.channels;
  const std::uint64_t promised = common.frames * frame;
  place_pcm(layout, sound.at, std::min(promised, sound.bytes), file_size);
  layout.truncated = layout.length < promised;
  return layout;
}

}  // namespace

Result<StreamLayout> find_aiff_audio(ByteSource& bytes, std::string_view name) {
  SYRINX_ASSIGN(const auto form, read_exactly(bytes, 0, 12, name, "its FORM header"));
  std::optional<Common> common;
  std::optional<SoundData> sound;
  std::uint64_t at = form.size();
  for (std::size_t i = 0; i < limits::kMaxFileChunks && at < bytes.size(); ++i) {
    SYRINX_ASSIGN(const auto chunk,
                  read_exactly(bytes, at, kChunkHeaderBytes, name, "a chunk's header"));
    const std::uint64_t size = load_be32(chunk, 4);
    at += kChunkHeaderBytes;
    if (has_tag(chunk, 0, "COMM")) {
      SYRINX_ASSIGN(common, parse_comm(bytes, at, size, has_tag(form, 8, "AIFC"), name));
    }
    if (has_tag(chunk, 0, "SSND")) {
      SYRINX_ASSIGN(sound, parse_ssnd(bytes, at, size, name));
    }
    if (common && sound) return place(*common, *sound, bytes.size());
    at += size + size % 2;
  }
  return damaged(name, common ? "it has no 'SSND' chunk" : "it has no 'COMM' chunk");
}

}  // namespace syrinx::io
