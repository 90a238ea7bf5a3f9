// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/cli/say_output.h"

#include <unistd.h>

#include <utility>

#include "syrinx/core/base/limits.h"
#include "syrinx/core/io/audio_device.h"

namespace syrinx::cli {
namespace {

Result<io::AudioFormat> chosen_format(const OutputChoice& choice) {
  if (!choice.format.empty()) return io::parse_audio_format(choice.format);
  if (choice.path.empty() || choice.path == "-") return io::AudioFormat::kWav;
  return io::audio_format_for(choice.path);
}

Result<int> chosen_rate_hz(const OutputChoice& choice, io::AudioFormat format, int voice_rate_hz) {
  if (!choice.sample_rate_hz) return io::nearest_sample_rate_hz(format, voice_rate_hz);
  const int asked_hz = *choice.sample_rate_hz;
  if (asked_hz < limits::kMinSampleRateHz || asked_hz > limits::kMaxSampleRateHz)
    return make_error(ErrorCode::kInvalidArgument, "the sample rate ", asked_hz,
                      " Hz is not between ", limits::kMinSampleRateHz, " and ",
                      limits::kMaxSampleRateHz, " Hz");
  if (!io::supports_sample_rate(format, asked_hz))
    return make_error(ErrorCode::kInvalidArgument, io::to_string(format), " cannot hold ", asked_hz,
                      " Hz; it takes ", io::sample_rates_in_words(format));
  return asked_hz;
}

}  // namespace

Result<io::AudioWriteOptions> resolve_output(const OutputChoice& choice, int voice_rate_hz) {
  io::AudioWriteOptions options;
  SYRINX_ASSIGN(options.format, chosen_format(choice));
  if (!choice.encoding.empty()) {
    SYRINX_ASSIGN(options.encoding, io::parse_sample_encoding(choice.encoding));
  }
  SYRINX_ASSIGN(options.sample_rate_hz, chosen_rate_hz(choice, options.format, voice_rate_hz));
  options.quality = choice.quality;
  options.bitrate_bps = choice.bitrate_bps;
  options.dither = choice.dither;
  return options;
}

Result<std::vector<std::unique_ptr<AudioSink>>> open_outputs(const OutputChoice& choice,
                                                             const io::AudioWriteOptions& options) {
  std::vector<std::unique_ptr<AudioSink>> sinks;
  if (choice.path == "-") {
    SYRINX_ASSIGN(auto writer, io::AudioWriter::to_fd(STDOUT_FILENO, "standard output", options));
    sinks.push_back(std::make_unique<io::AudioWriter>(std::move(writer)));
  } else if (!choice.path.empty()) {
    SYRINX_ASSIGN(auto writer, io::AudioWriter::create(choice.path, options));
    sinks.push_back(std::make_unique<io::AudioWriter>(std::move(writer)));
  }
  if (choice.play) {
    SYRINX_ASSIGN(auto device, io::open_audio_output(choice.device, options.sample_rate_hz, 1));
    sinks.push_back(std::move(device));
  }
  return sinks;
}

Result<bool> SpeechTap::next(AudioBuffer& block, const std::stop_token& stop) {
  do {
    SYRINX_ASSIGN(const bool more, stream_.next_part(sentence_, stop));
    if (!more) return false;
    if (!sentence_.continues) SYRINX_TRY(listener_(sentence_));
  } while (sentence_.audio.empty());
  std::swap(block, sentence_.audio);
  return true;
}

}  // namespace syrinx::cli
