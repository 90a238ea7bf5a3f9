// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/io/stream_layout.h"

#include <algorithm>
#include <array>
#include <utility>

#include "syrinx/core/io/mpeg_header.h"

namespace syrinx::io {
namespace {

constexpr std::size_t kFirstBytes = 64;
constexpr std::size_t kId3HeaderBytes = 10;

struct Magic {
  std::size_t at;
  std::string_view tag;
  std::string_view kind;
};

// Audio that people have, but that is not read here: worth a better sentence than "not audio".
constexpr std::array<Magic, 12> kOtherKinds{{
    {4, "ftyp", "an MP4, M4A or 3GP file"},
    {0, "\x1A\x45\xDF\xA3", "a Matroska or WebM file"},
    {0, "RIFX", "a big-endian WAV (RIFX) file"},
    {0, "caff", "a Core Audio file"},
    {0, ".snd", "a Sun AU file"},
    {0, "wvpk", "a WavPack file"},
    {0, "MAC ", "a Monkey's Audio file"},
    {0, "#!AMR", "an AMR file"},
    {0, "FLV\x01", "a Flash video"},
    {0, "MThd", "a MIDI file, which has notes but no sound"},
    {0, "TTA1", "a TrueAudio file"},
    {0, "\x30\x26\xB2\x75\x8E\x66\xCF\x11", "a Windows Media file"},
}};

std::string printable_start(Bytes first) {
  std::string text;
  for (std::size_t i = 0; i < std::min<std::size_t>(first.size(), 12); ++i) {
    const auto c = static_cast<unsigned char>(first[i]);
    text += c >= 0x20 && c < 0x7F ? static_cast<char>(c) : '.';
  }
  return text;
}

Error not_audio(Bytes first, std::string_view name) {
  if (first.empty()) {
    return make_error(ErrorCode::kCorruptData, "'", name, "' is empty: there is no audio in it");
  }
  for (const auto& other : kOtherKinds) {
    if (!has_tag(first, other.at, other.tag)) continue;
    return make_error(ErrorCode::kUnsupported, "'", name, "' is ", other.kind,
                      ", which is not read here; convert it to WAV or FLAC");
  }
  return make_error(ErrorCode::kUnsupported, "'", name, "' is not an audio file (it begins with \"",
                    printable_start(first),
                    "\"); WAV, FLAC, Ogg Vorbis, Opus, MP3 and AIFF are read, and raw samples "
                    "when their layout is given");
}

bool is_wav(Bytes first) {
  const bool riff = has_tag(first, 0, "RIFF") || has_tag(first, 0, "RF64");
  return riff && has_tag(first, 8, "WAVE");
}

bool is_aiff(Bytes first) {
  return has_tag(first, 0, "FORM") && (has_tag(first, 8, "AIFF") || has_tag(first, 8, "AIFC"));
}

// How long the ID3v2 tag (header, body, footer) is that `first` begins with.
std::uint64_t id3_bytes(Bytes first) {
  std::uint64_t body = 0;
  for (std::size_t i = 6; i < kId3HeaderBytes; ++i) body = body << 7 | (byte_at(first, i) & 0x7F);
  const bool has_footer = (byte_at(first, 5) & 0x10) != 0;
  return kId3HeaderBytes + body + (has_footer ? kId3HeaderBytes : 0);
}

Result<std::vector<std::byte>> first_bytes(ByteSource& bytes, std::uint64_t offset) {
  std::vector<std::byte> first(kFirstBytes);
  SYRINX_ASSIGN(const std::size_t got, bytes.read_at(offset, first));
  first.resize(got);
  return first;
}

}  // namespace

Error damaged(std::string_view name, const std::string& what) {
  return make_error(ErrorCode::kCorruptData, "'", name, "' is damaged: ", what);
}

Result<void> check_rate_and_channels(std::string_view name, double sample_rate_hz,
                                     std::uint64_t channels) {
  if (!(sample_rate_hz > 0)) return damaged(name, "its header gives a sample rate of 0 Hz");
  if (channels == 0) return damaged(name, "its header gives 0 channels");
  if (sample_rate_hz < limits::kMinSampleRateHz || sample_rate_hz > limits::kMaxSampleRateHz) {
    return make_error(ErrorCode::kLimitExceeded, "'", name, "' has a sample rate of ",
                      static_cast<std::uint64_t>(std::min(sample_rate_hz, 1e18)),
                      " Hz; rates from ", limits::kMinSampleRateHz, " to ",
                      limits::kMaxSampleRateHz, " Hz are read");
  }
  if (channels > limits::kMaxChannels) {
    return make_error(ErrorCode::kLimitExceeded, "'", name, "' has ", channels,
                      " channels; at most ", limits::kMaxChannels, " are read");
  }
  return {};
}

Result<std::vector<std::byte>> read_exactly(ByteSource& bytes, std::uint64_t offset,
                                            std::size_t count, std::string_view name,
                                            std::string_view what) {
  std::vector<std::byte> out(count);
  SYRINX_ASSIGN(const std::size_t got, bytes.read_at(offset, out));
  if (got < count) return damaged(name, "it ends inside " + std::string(what));
  return out;
}

void place_pcm(StreamLayout& layout, std::uint64_t start, std::uint64_t declared,
               std::uint64_t file_size) {
  const std::uint64_t there = file_size > start ? file_size - start : 0;
  const std::uint64_t frame = bytes_per_sample(layout.pcm->encoding) * layout.pcm->channels;
  layout.offset = std::min(start, file_size);
  layout.length = std::min(declared, there) / frame * frame;
  layout.truncated = declared > there;
}

Result<StreamLayout> raw_layout(const ByteSource& bytes, const RawAudioLayout& raw) {
  if (raw.encoding == SampleEncoding::kLossy) {
    return make_error(ErrorCode::kInvalidArgument,
                      "raw samples cannot be 'lossy'; name how each sample is stored, as int16");
  }
  const bool rate_fits = raw.sample_rate_hz >= limits::kMinSampleRateHz &&
                         raw.sample_rate_hz <= limits::kMaxSampleRateHz;
  if (!rate_fits || raw.channels == 0 || raw.channels > limits::kMaxChannels) {
    return make_error(ErrorCode::kInvalidArgument, "raw samples of ", raw.channels, " channels at ",
                      raw.sample_rate_hz, " Hz cannot be read; give 1 to ", limits::kMaxChannels,
                      " channels and ", limits::kMinSampleRateHz, " to ", limits::kMaxSampleRateHz,
                      " Hz");
  }
  StreamLayout layout;
  layout.format = AudioFormat::kRaw;
  layout.pcm = raw;
  place_pcm(layout, 0, bytes.size(), bytes.size());
  layout.truncated = layout.length != bytes.size();  // The last frame is not whole.
  return layout;
}

Result<StreamLayout> find_audio(ByteSource& bytes, std::string_view name) {
  std::uint64_t start = 0;
  for (std::size_t tags = 0; tags <= limits::kMaxFileChunks; ++tags) {
    SYRINX_ASSIGN(const std::vector<std::byte> first, first_bytes(bytes, start));
    if (start == 0 && is_wav(first)) return find_wav_audio(bytes, name);
    if (start == 0 && is_aiff(first)) return find_aiff_audio(bytes, name);
    if (start == 0 && has_tag(first, 0, "OggS")) return find_ogg_audio(bytes, name);
    if (has_tag(first, 0, "fLaC")) return find_flac_audio(bytes, start, name);
    const bool is_id3 = has_tag(first, 0, "ID3") && first.size() >= kId3HeaderBytes;
    if (is_id3) {
      start += id3_bytes(first);
      continue;
    }
    SYRINX_ASSIGN(const auto frame, find_mpeg_frame(bytes, start));
    if (frame) return find_mp3_audio(bytes, *frame, name);
    if (start > 0) return damaged(name, "no MP3 or FLAC audio follows its ID3 tag");
    return not_audio(first, name);
  }
  return damaged(name, "it is one ID3 tag after another");
}

Result<void> check_first_bytes(Bytes first, std::string_view name) {
  const bool known = is_wav(first) || is_aiff(first) || has_tag(first, 0, "OggS") ||
                     has_tag(first, 0, "fLaC") || has_tag(first, 0, "ID3");
  if (known) return {};
  MemoryBytes bytes(first);
  SYRINX_ASSIGN(const auto frame, find_mpeg_frame(bytes, 0));
  if (frame) return {};
  return not_audio(first, name);
}

}  // namespace syrinx::io
