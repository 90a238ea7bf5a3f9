// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "syrinx/core/base/result.h"

// The kinds of audio file that are read and written, and what each can hold.
namespace syrinx::io {

// kAac is MPEG-4 AAC in ADTS frames; kM4a and kM4b are the same sound in MP4, of which kM4b says
// that it is a book. All three are written only.
enum class AudioFormat { kWav, kFlac, kOggVorbis, kOpus, kMp3, kAiff, kRaw, kAac, kM4a, kM4b };

// How one sample is stored. The writer makes kInt16, kInt24, kInt32, kFloat32 and kLossy; the
// others are only met in files of other makers.
enum class SampleEncoding {
  kInt16,
  kInt24,
  kInt32,
  kFloat32,
  kLossy,
  kUint8,
  kInt8,
  kFloat64,
  kMuLaw,
  kALaw,
};

// What a file says of itself.
struct AudioFileInfo {
  AudioFormat format = AudioFormat::kWav;
  SampleEncoding encoding = SampleEncoding::kInt16;
  int sample_rate_hz = 0;
  std::size_t channels = 0;
  // WAV, AIFF and raw: the whole frames that the file holds, whatever its header claims. MP3:
  // counted. FLAC, Vorbis, Opus: as the header or the last page claims; nothing when it does not.
  std::optional<std::uint64_t> frames;
};

// "wav", "flac", "ogg", "opus", "mp3", "aiff", "raw", "aac", "m4a", "m4b".
std::string_view to_string(AudioFormat format) noexcept;
// "int16", "int24", "int32", "float32", "lossy", "uint8", "int8", "float64", "mulaw", "alaw".
std::string_view to_string(SampleEncoding encoding) noexcept;

// The format of that name or file extension, in any case: also "wave", "oga", "aif", "aifc", "pcm",
// "adts" and "mp4". Errors: kInvalidArgument, naming the formats that there are.
Result<AudioFormat> parse_audio_format(std::string_view name);
// The format to write a file of this name in. Errors: kInvalidArgument for no or another extension.
Result<AudioFormat> audio_format_for(const std::filesystem::path& path);
// Errors: kInvalidArgument, naming the encodings that there are.
Result<SampleEncoding> parse_sample_encoding(std::string_view name);

// What the writer uses when not told: int16, or kLossy for the formats that have nothing else.
SampleEncoding default_encoding(AudioFormat format) noexcept;
bool supports_encoding(AudioFormat format, SampleEncoding encoding) noexcept;
std::size_t max_channels(AudioFormat format) noexcept;

bool supports_sample_rate(AudioFormat format, int sample_rate_hz) noexcept;
// The rate to resample to before writing: the same if supported, else the lowest supported above
// it, else the highest.
int nearest_sample_rate_hz(AudioFormat format, int sample_rate_hz) noexcept;
// "8000, 12000, 16000, 24000 and 48000 Hz": for sentences.
std::string_view sample_rates_in_words(AudioFormat format) noexcept;

// Bytes of one stored sample; 0 for kLossy.
std::size_t bytes_per_sample(SampleEncoding encoding) noexcept;

// The formats that are AAC inside.
bool is_aac(AudioFormat format) noexcept;
// Whether this machine's libraries can write the format: libsndfile without MP3 or Opus exists.
bool can_write(AudioFormat format) noexcept;
// As "libsndfile-1.2.0".
std::string audio_file_library_version();

}  // namespace syrinx::io
