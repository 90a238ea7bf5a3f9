// SPDX-License-Identifier: Apache-2.0
#include "support/wav.h"

#include <array>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <vector>

#include "syrinx/core/base/limits.h"

namespace syrinx::support {
namespace {

constexpr std::size_t kMaxSamples = std::size_t{64} << 20;

struct Format {
  unsigned encoding = 0;
  unsigned channels = 0;
  unsigned rate_hz = 0;
  unsigned bits = 0;
};

unsigned le16(const unsigned char* p) { return p[0] | (unsigned{p[1]} << 8); }
unsigned le32(const unsigned char* p) { return le16(p) | (le16(p + 2) << 16); }

AudioBuffer deinterleaved(const std::vector<unsigned char>& bytes, const Format& format) {
  const std::size_t frames = bytes.size() / 2 / format.channels;
  AudioBuffer audio(format.channels, frames, static_cast<int>(format.rate_hz));
  for (std::size_t c = 0; c < format.channels; ++c) {
    for (std::size_t i = 0; i < frames; ++i) {
      const auto value =
          static_cast<std::int16_t>(le16(bytes.data() + 2 * (i * format.channels + c)));
      audio.channel(c)[i] = static_cast<float>(value) / 32768.0f;
    }
  }
  return audio;
}

}  // namespace

Result<AudioBuffer> read_wav16(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return make_error(ErrorCode::kNotFound, "cannot open ", path.string());
  std::array<char, 12> riff{};
  if (!file.read(riff.data(), 12) || std::memcmp(riff.data(), "RIFF", 4) != 0 ||
      std::memcmp(riff.data() + 8, "WAVE", 4) != 0)
    return make_error(ErrorCode::kCorruptData, path.string(), " is not a WAVE file");
  Format format;
  std::array<unsigned char, 8> chunk{};
  while (file.read(reinterpret_cast<char*>(chunk.data()), 8)) {
    const std::size_t size = le32(chunk.data() + 4);
    if (std::memcmp(chunk.data(), "fmt ", 4) == 0) {
      std::array<unsigned char, 16> f{};
      if (size < 16 || !file.read(reinterpret_cast<char*>(f.data()), 16)) break;
      format = {le16(f.data()), le16(f.data() + 2), le32(f.data() + 4), le16(f.data() + 14)};
      file.ignore(static_cast<std::streamsize>(size - 16 + size % 2));
    } else if (std::memcmp(chunk.data(), "data", 4) == 0) {
      if (format.encoding != 1 || format.bits != 16 || format.channels == 0 ||
          format.channels > limits::kMaxChannels)
        return make_error(ErrorCode::kUnsupported, path.string(), " is not 16-bit PCM");
      if (size > 2 * kMaxSamples)
        return make_error(ErrorCode::kLimitExceeded, path.string(), " is too long for a test");
      std::vector<unsigned char> bytes(size);
      file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(size));
      bytes.resize(static_cast<std::size_t>(file.gcount()));
      return deinterleaved(bytes, format);
    } else {
      file.ignore(static_cast<std::streamsize>(size + size % 2));
    }
  }
  return make_error(ErrorCode::kCorruptData, path.string(), " ends before its samples");
}

}  // namespace syrinx::support
