// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/io/sndfile_format.h"

#include <sndfile.h>

namespace syrinx::io {
namespace {

int subtype(SampleEncoding encoding) noexcept {
  switch (encoding) {
    case SampleEncoding::kInt16:
      return SF_FORMAT_PCM_16;
    case SampleEncoding::kInt24:
      return SF_FORMAT_PCM_24;
    case SampleEncoding::kInt32:
      return SF_FORMAT_PCM_32;
    case SampleEncoding::kFloat32:
      return SF_FORMAT_FLOAT;
    case SampleEncoding::kUint8:
      return SF_FORMAT_PCM_U8;
    case SampleEncoding::kInt8:
      return SF_FORMAT_PCM_S8;
    case SampleEncoding::kFloat64:
      return SF_FORMAT_DOUBLE;
    case SampleEncoding::kMuLaw:
      return SF_FORMAT_ULAW;
    case SampleEncoding::kALaw:
      return SF_FORMAT_ALAW;
    case SampleEncoding::kLossy:
      break;
  }
  return 0;
}

}  // namespace

int sndfile_raw_format(SampleEncoding encoding, bool big_endian) noexcept {
  return SF_FORMAT_RAW | subtype(encoding) | (big_endian ? SF_ENDIAN_BIG : SF_ENDIAN_LITTLE);
}

int sndfile_write_format(AudioFormat format, SampleEncoding encoding) noexcept {
  switch (format) {
    case AudioFormat::kFlac:
      return SF_FORMAT_FLAC | subtype(encoding);
    case AudioFormat::kOggVorbis:
      return SF_FORMAT_OGG | SF_FORMAT_VORBIS;
    case AudioFormat::kOpus:
      return SF_FORMAT_OGG | SF_FORMAT_OPUS;
    case AudioFormat::kMp3:
      return SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III;
    case AudioFormat::kAiff:  // The headers of AIFF and WAV are our own.
      return sndfile_raw_format(encoding, true);
    case AudioFormat::kAac:  // Nothing of libsndfile's.
    case AudioFormat::kM4a:
    case AudioFormat::kM4b:
      return 0;
    case AudioFormat::kWav:
    case AudioFormat::kRaw:
      break;
  }
  return sndfile_raw_format(encoding, false);
}

SampleEncoding sndfile_encoding(int format) noexcept {
  switch (format & SF_FORMAT_SUBMASK) {
    case SF_FORMAT_PCM_S8:
      return SampleEncoding::kInt8;
    case SF_FORMAT_PCM_16:
      return SampleEncoding::kInt16;
    case SF_FORMAT_PCM_24:
      return SampleEncoding::kInt24;
    case SF_FORMAT_PCM_32:
      return SampleEncoding::kInt32;
    default:
      return SampleEncoding::kLossy;
  }
}

std::mutex& sndfile_open_mutex() noexcept {
  static std::mutex mutex;
  return mutex;
}

bool can_write(AudioFormat format) noexcept {
  if (is_aac(format)) return true;
  SF_INFO info{};
  info.samplerate = nearest_sample_rate_hz(format, 48'000);
  info.channels = 1;
  info.format = sndfile_write_format(format, default_encoding(format));
  return sf_format_check(&info) != 0;
}

std::string audio_file_library_version() { return sf_version_string(); }

}  // namespace syrinx::io
