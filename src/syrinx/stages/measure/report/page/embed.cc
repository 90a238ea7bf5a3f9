// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/report/page/embed.h"

#include <cerrno>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <memory>
#include <vector>

#include "syrinx/core/dsp/resample.h"
#include "syrinx/core/io/audio_file.h"
#include "syrinx/core/io/png/png_file.h"
#include "syrinx/stages/measure/report/page/html.h"

namespace syrinx::measure::html {
namespace {

constexpr int kLowestPlayedRateHz = 8'000;
constexpr int kHighestPlayedRateHz = 96'000;
constexpr int kUsualRateHz = 48'000;

struct Close {
  void operator()(std::FILE* file) const noexcept { std::fclose(file); }
};

Error system_error(const char* doing) {
  return make_error(ErrorCode::kIo, "cannot ", doing,
                    " a temporary file for the page's sound: ", std::strerror(errno));
}

Result<std::vector<std::uint8_t>> all_bytes(std::FILE* file) {
  if (std::fseek(file, 0, SEEK_END) != 0) return system_error("read");
  const long size = std::ftell(file);
  if (size < 0 || std::fseek(file, 0, SEEK_SET) != 0) return system_error("read");
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(size));
  if (std::fread(bytes.data(), 1, bytes.size(), file) != bytes.size()) return system_error("read");
  return bytes;
}

Result<std::vector<std::uint8_t>> encode_flac(AudioView audio) {
  const std::unique_ptr<std::FILE, Close> file(std::tmpfile());
  if (file == nullptr) return system_error("open");
  io::AudioWriteOptions options;
  options.format = io::AudioFormat::kFlac;
  options.sample_rate_hz = audio.sample_rate_hz();
  options.channels = audio.channels();
  options.dither = true;
  SYRINX_ASSIGN(auto writer, io::AudioWriter::to_fd(fileno(file.get()), "the page", options));
  SYRINX_TRY(writer.write(audio));
  SYRINX_TRY(writer.finish());
  return all_bytes(file.get());
}

int played_rate_hz(int rate_hz) {
  if (rate_hz < kLowestPlayedRateHz) return kLowestPlayedRateHz;
  return rate_hz > kHighestPlayedRateHz ? kUsualRateHz : rate_hz;
}

std::string left_out(std::size_t bytes, std::size_t max_bytes) {
  const auto mebibytes = [](std::size_t n) {
    return number(static_cast<double>(n) / (1024.0 * 1024.0), 1) + " MiB";
  };
  return "The sound is not inside this page: it would take " + mebibytes(bytes) +
         ", and the limit is " + mebibytes(max_bytes) + ".";
}

}  // namespace

Result<std::string> picture_uri(const Image& image) {
  SYRINX_ASSIGN(const auto bytes, io::encode_png(image));
  return "data:image/png;base64," + base64(bytes);
}

AudioBuffer mix_down(AudioView audio) {
  AudioBuffer mono(1, audio.frames(), audio.sample_rate_hz());
  const float share = 1.0f / static_cast<float>(std::max<std::size_t>(audio.channels(), 1));
  for (std::size_t c = 0; c < audio.channels(); ++c) {
    const auto from = audio.channel(c);
    const auto to = mono.channel(0);
    for (std::size_t i = 0; i < from.size(); ++i) {
      if (std::isfinite(from[i])) to[i] += share * from[i];
    }
  }
  return mono;
}

Result<EmbeddedSound> embed_sound(AudioView audio, std::size_t max_bytes) {
  EmbeddedSound sound;
  if (audio.empty()) {
    sound.sentence = "There is no sound to play.";
    return sound;
  }
  // FLAC hardly ever needs less than an eighth: what is too large even then is not encoded at all.
  const std::size_t played_channels = audio.channels() > 2 ? 1 : audio.channels();
  const std::size_t plain_bytes = audio.frames() * played_channels * 2;
  if (plain_bytes / 8 > max_bytes) {
    sound.sentence = left_out(plain_bytes, max_bytes);
    return sound;
  }
  AudioBuffer mono;
  if (audio.channels() > 2) {
    mono = mix_down(audio);
    sound.sentence =
        "The player plays the mean of all " + std::to_string(audio.channels()) + " channels.";
    audio = mono;
  }
  AudioBuffer resampled;
  if (const int rate_hz = played_rate_hz(audio.sample_rate_hz());
      rate_hz != audio.sample_rate_hz()) {
    SYRINX_ASSIGN(resampled, dsp::resample(audio, rate_hz));
    sound.sentence += (sound.sentence.empty() ? "" : " ") + std::string("The player plays it at ") +
                      std::to_string(rate_hz) + " Hz.";
    audio = resampled;
  }
  SYRINX_ASSIGN(const auto bytes, encode_flac(audio));
  if (bytes.size() > max_bytes) {
    sound.sentence = left_out(bytes.size(), max_bytes);
    return sound;
  }
  sound.uri = "data:audio/flac;base64," + base64(bytes);
  return sound;
}

}  // namespace syrinx::measure::html
