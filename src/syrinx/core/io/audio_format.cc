// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/io/audio_format.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <span>
#include <string>
#include <utility>

#include "syrinx/core/base/limits.h"

namespace syrinx::io {
namespace {

using limits::kMaxSampleRateHz;
using limits::kMinSampleRateHz;

constexpr std::array kOpusRatesHz{8'000, 12'000, 16'000, 24'000, 48'000};
constexpr std::array kMp3RatesHz{8'000,  11'025, 12'000, 16'000, 22'050,
                                 24'000, 32'000, 44'100, 48'000};
// libvorbis has tunings for these; libFLAC's streamable subset ends at 655,350 Hz.
constexpr std::array kAacRatesHz{8'000,  11'025, 12'000, 16'000, 22'050, 24'000,
                                 32'000, 44'100, 48'000, 64'000, 88'200, 96'000};
constexpr int kMinVorbisRateHz = 4'000;
constexpr int kMaxVorbisRateHz = 192'000;
constexpr int kMaxFlacRateHz = 655'350;

struct FormatRow {
  AudioFormat format;
  std::string_view name;
  std::size_t max_channels;
  std::string_view rates;
};

constexpr std::string_view kAacRates =
    "8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 64000, 88200 and 96000 Hz";

constexpr std::array<FormatRow, 10> kFormats{{
    {AudioFormat::kWav, "wav", limits::kMaxChannels, "1000 to 768000 Hz"},
    {AudioFormat::kFlac, "flac", 8, "1000 to 65535 Hz, and multiples of 10 up to 655350 Hz"},
    {AudioFormat::kOggVorbis, "ogg", 8, "4000 to 192000 Hz"},
    {AudioFormat::kOpus, "opus", 8, "8000, 12000, 16000, 24000 and 48000 Hz"},
    {AudioFormat::kMp3, "mp3", 2,
     "8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100 and 48000 Hz"},
    {AudioFormat::kAiff, "aiff", limits::kMaxChannels, "1000 to 768000 Hz"},
    {AudioFormat::kRaw, "raw", limits::kMaxChannels, "1000 to 768000 Hz"},
    {AudioFormat::kAac, "aac", 2, kAacRates},
    {AudioFormat::kM4a, "m4a", 2, kAacRates},
    {AudioFormat::kM4b, "m4b", 2, kAacRates},
}};

constexpr std::array<std::pair<std::string_view, AudioFormat>, 7> kOtherNames{{
    {"wave", AudioFormat::kWav},
    {"oga", AudioFormat::kOggVorbis},
    {"aif", AudioFormat::kAiff},
    {"aifc", AudioFormat::kAiff},
    {"pcm", AudioFormat::kRaw},
    {"adts", AudioFormat::kAac},
    {"mp4", AudioFormat::kM4a},
}};

struct EncodingRow {
  SampleEncoding encoding;
  std::string_view name;
  std::size_t bytes;
};

constexpr std::array<EncodingRow, 10> kEncodings{{
    {SampleEncoding::kInt16, "int16", 2},
    {SampleEncoding::kInt24, "int24", 3},
    {SampleEncoding::kInt32, "int32", 4},
    {SampleEncoding::kFloat32, "float32", 4},
    {SampleEncoding::kLossy, "lossy", 0},
    {SampleEncoding::kUint8, "uint8", 1},
    {SampleEncoding::kInt8, "int8", 1},
    {SampleEncoding::kFloat64, "float64", 8},
    {SampleEncoding::kMuLaw, "mulaw", 1},
    {SampleEncoding::kALaw, "alaw", 1},
}};

const FormatRow& row(AudioFormat format) noexcept {
  return kFormats[static_cast<std::size_t>(format)];
}
const EncodingRow& row(SampleEncoding encoding) noexcept {
  return kEncodings[static_cast<std::size_t>(encoding)];
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return result;
}

// The lowest of `rates` at or above `hz`, or the last.
int at_or_above(std::span<const int> rates, int hz) noexcept {
  const auto found = std::lower_bound(rates.begin(), rates.end(), hz);
  return found == rates.end() ? rates.back() : *found;
}

int nearest_flac_rate_hz(int hz) noexcept {
  if (hz <= 65'535) return std::max(hz, kMinSampleRateHz);
  return std::min((hz + 9) / 10 * 10, kMaxFlacRateHz);
}

}  // namespace

std::string_view to_string(AudioFormat format) noexcept { return row(format).name; }
std::string_view to_string(SampleEncoding encoding) noexcept { return row(encoding).name; }

Result<AudioFormat> parse_audio_format(std::string_view name) {
  const std::string wanted = lower(name);
  for (const auto& format : kFormats) {
    if (format.name == wanted) return format.format;
  }
  for (const auto& [other, format] : kOtherNames) {
    if (other == wanted) return format;
  }
  return make_error(ErrorCode::kInvalidArgument, "there is no audio format '", name,
                    "'; use wav, flac, ogg, opus, mp3, aac, m4a, m4b, aiff or raw");
}

Result<AudioFormat> audio_format_for(const std::filesystem::path& path) {
  const std::string extension = path.extension().string();
  if (extension.size() > 1) return parse_audio_format(std::string_view(extension).substr(1));
  return make_error(ErrorCode::kInvalidArgument, "the name '", path.string(),
                    "' does not say which audio format to write; end it in .wav, .flac, .ogg, "
                    ".opus, .mp3, .aac, .m4a, .m4b, .aiff or .raw, or name the format");
}

Result<SampleEncoding> parse_sample_encoding(std::string_view name) {
  const std::string wanted = lower(name);
  for (const auto& encoding : kEncodings) {
    if (encoding.name == wanted) return encoding.encoding;
  }
  return make_error(ErrorCode::kInvalidArgument, "there is no sample encoding '", name,
                    "'; use int16, int24, int32, float32, lossy, uint8, int8, float64, mulaw or "
                    "alaw");
}

SampleEncoding default_encoding(AudioFormat format) noexcept {
  return supports_encoding(format, SampleEncoding::kLossy) ? SampleEncoding::kLossy
                                                           : SampleEncoding::kInt16;
}

bool supports_encoding(AudioFormat format, SampleEncoding encoding) noexcept {
  switch (format) {
    case AudioFormat::kWav:
    case AudioFormat::kAiff:
    case AudioFormat::kRaw:
      return encoding == SampleEncoding::kInt16 || encoding == SampleEncoding::kInt24 ||
             encoding == SampleEncoding::kInt32 || encoding == SampleEncoding::kFloat32;
    case AudioFormat::kFlac:
      return encoding == SampleEncoding::kInt16 || encoding == SampleEncoding::kInt24;
    case AudioFormat::kOggVorbis:
    case AudioFormat::kOpus:
    case AudioFormat::kMp3:
    case AudioFormat::kAac:
    case AudioFormat::kM4a:
    case AudioFormat::kM4b:
      return encoding == SampleEncoding::kLossy;
  }
  return false;
}

std::size_t max_channels(AudioFormat format) noexcept { return row(format).max_channels; }

bool supports_sample_rate(AudioFormat format, int sample_rate_hz) noexcept {
  return nearest_sample_rate_hz(format, sample_rate_hz) == sample_rate_hz;
}

int nearest_sample_rate_hz(AudioFormat format, int sample_rate_hz) noexcept {
  switch (format) {
    case AudioFormat::kOpus:
      return at_or_above(kOpusRatesHz, sample_rate_hz);
    case AudioFormat::kMp3:
      return at_or_above(kMp3RatesHz, sample_rate_hz);
    case AudioFormat::kAac:
    case AudioFormat::kM4a:
    case AudioFormat::kM4b:
      return at_or_above(kAacRatesHz, sample_rate_hz);
    case AudioFormat::kOggVorbis:
      return std::clamp(sample_rate_hz, kMinVorbisRateHz, kMaxVorbisRateHz);
    case AudioFormat::kFlac:
      return nearest_flac_rate_hz(sample_rate_hz);
    case AudioFormat::kWav:
    case AudioFormat::kAiff:
    case AudioFormat::kRaw:
      break;
  }
  return std::clamp(sample_rate_hz, kMinSampleRateHz, kMaxSampleRateHz);
}

bool is_aac(AudioFormat format) noexcept {
  return format == AudioFormat::kAac || format == AudioFormat::kM4a || format == AudioFormat::kM4b;
}

std::string_view sample_rates_in_words(AudioFormat format) noexcept { return row(format).rates; }

std::size_t bytes_per_sample(SampleEncoding encoding) noexcept { return row(encoding).bytes; }

}  // namespace syrinx::io
