// SPDX-License-Identifier: Apache-2.0
#include <opus.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

#include "codec/codec_bench.h"
#include "syrinx/core/dsp/resample.h"
#include "syrinx/core/io/audio_file.h"
#include "syrinx/stages/codec/codec.h"

namespace syrinx::bench {
namespace {

using Clock = std::chrono::steady_clock;

double microseconds(Clock::duration time) {
  return std::chrono::duration<double, std::micro>(time).count();
}

double percentile(std::vector<double> values, double share) {
  if (values.empty()) return 0.0;
  const auto at = static_cast<std::size_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(at), values.end());
  return values[at];
}

struct Cost {
  std::vector<double> encode_us;
  std::vector<double> decode_us;
};

void print(const std::string& name, const Cost& cost) {
  std::printf("%-22s %10.2f %10.2f %10.2f %10.2f\n", name.c_str(), percentile(cost.encode_us, 0.5),
              percentile(cost.encode_us, 0.99), percentile(cost.decode_us, 0.5),
              percentile(cost.decode_us, 0.99));
}

Result<Cost> ours(const codec::PayloadFormat& format, const AudioBuffer& sound) {
  SYRINX_ASSIGN(auto encoder, codec::make_encoder(format));
  SYRINX_ASSIGN(auto decoder, codec::make_decoder(format));
  const auto block = static_cast<std::size_t>(encoder->sample_rate_hz() / 50);
  std::vector<std::uint8_t> payload(codec::kMaxPayloadBytes);
  AudioBuffer heard(1, block, encoder->sample_rate_hz());
  Cost cost;
  for (std::size_t at = 0; at + block <= sound.frames(); at += block) {
    const auto begin = Clock::now();
    const auto encoded = encoder->encode(sound.view().slice(at, block), payload);
    const auto between = Clock::now();
    decoder->decode(std::span(payload).first(encoded.bytes), heard.view());
    cost.encode_us.push_back(microseconds(between - begin));
    cost.decode_us.push_back(microseconds(Clock::now() - between));
  }
  return cost;
}

// The same settings, without anything of ours around.
Result<Cost> libopus(const AudioBuffer& sound) {
  int failed = 0;
  OpusEncoder* encoder = opus_encoder_create(48'000, 1, OPUS_APPLICATION_VOIP, &failed);
  OpusDecoder* decoder = opus_decoder_create(48'000, 1, &failed);
  if (encoder == nullptr || decoder == nullptr)
    return make_error(ErrorCode::kInternal, "libopus refused: ", opus_strerror(failed));
  opus_encoder_ctl(encoder, OPUS_SET_COMPLEXITY(9));
  opus_encoder_ctl(encoder, OPUS_SET_SIGNAL(OPUS_SIGNAL_VOICE));
  std::vector<std::uint8_t> payload(4'000);
  std::vector<float> heard(960);
  Cost cost;
  for (std::size_t at = 0; at + 960 <= sound.frames(); at += 960) {
    const float* in = sound.channel(0).data() + at;
    const auto begin = Clock::now();
    const int bytes = opus_encode_float(encoder, in, 960, payload.data(), 4'000);
    const auto between = Clock::now();
    const int samples = opus_decode_float(decoder, payload.data(), bytes, heard.data(), 960, 0);
    failed |= static_cast<int>(samples != 960);
    cost.encode_us.push_back(microseconds(between - begin));
    cost.decode_us.push_back(microseconds(Clock::now() - between));
  }
  opus_encoder_destroy(encoder);
  opus_decoder_destroy(decoder);
  if (failed != 0) return make_error(ErrorCode::kInternal, "libopus could not decode its own");
  return cost;
}

}  // namespace

Result<void> print_codec_cost(const std::filesystem::path& data) {
  SYRINX_ASSIGN(const auto speech, io::read_audio(data / "speech/jfk.flac"));
  const AudioBuffer mono({speech.channel(0), speech.sample_rate_hz()});
  std::printf("Microseconds per block of 20 ms      encode p50        p99 decode p50        p99\n");
  for (const auto& format : {codec::PayloadFormat{0, "PCMU", 8'000, 1, {}},
                             codec::PayloadFormat{8, "PCMA", 8'000, 1, {}},
                             codec::PayloadFormat{96, "L16", 16'000, 1, {}},
                             codec::PayloadFormat{9, "G722", 8'000, 1, {}},
                             codec::PayloadFormat{111, "opus", 48'000, 2, {}}}) {
    const auto* info = codec::find_codec(format.name, format.clock_rate_hz, format.channels);
    SYRINX_ASSIGN(const auto sound, dsp::resample(mono, info->sample_rate_hz));
    SYRINX_ASSIGN(const auto cost, ours(format, sound));
    print(format.name, cost);
  }
  SYRINX_ASSIGN(const auto sound, dsp::resample(mono, 48'000));
  SYRINX_ASSIGN(const auto peer, libopus(sound));
  print("libopus alone", peer);
  return {};
}

}  // namespace syrinx::bench
