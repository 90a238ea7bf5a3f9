// SPDX-License-Identifier: Apache-2.0
// G.729 through the plugin against the library itself, bit for bit. This program links libbcg729
// and is not given to anybody.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

extern "C" {
#include <bcg729/decoder.h>
#include <bcg729/encoder.h>
}

#include "support/test_data.h"
#include "syrinx/core/dsp/resample.h"
#include "syrinx/core/io/audio_file.h"
#include "syrinx/stages/codec/codec.h"

namespace syrinx::codec {
namespace {

constexpr std::size_t kFrame = 80;
using Frame = std::array<std::int16_t, kFrame>;

// Speech at 8 kHz in samples of sixteen bits, with a second of silence behind it.
std::vector<std::int16_t> speech() {
  const AudioBuffer file = io::read_audio(support::data_path("media/plc/54_clean.wav")).value();
  const AudioBuffer audio = dsp::resample(file, 8'000).value();
  std::vector<std::int16_t> samples;
  for (const float x : audio.channel(0))
    samples.push_back(static_cast<std::int16_t>(
        std::lrint(std::min(std::max(x * 32'768.0f, -32'768.0f), 32'767.0f))));
  samples.resize((samples.size() + 8'000) / kFrame * kFrame);
  return samples;
}

AudioBuffer as_audio(const std::int16_t* samples) {
  AudioBuffer block(1, kFrame, 8'000);
  for (std::size_t i = 0; i < kFrame; ++i)
    block.channel(0)[i] = static_cast<float>(samples[i]) / 32'768.0f;
  return block;
}

// The library's own coders.
class Reference {
 public:
  explicit Reference(bool silence)
      : encoder_(initBcg729EncoderChannel(silence ? 1 : 0)), decoder_(initBcg729DecoderChannel()) {}
  Reference(const Reference&) = delete;
  Reference& operator=(const Reference&) = delete;
  ~Reference() {
    closeBcg729EncoderChannel(encoder_);
    closeBcg729DecoderChannel(decoder_);
  }
  std::vector<std::uint8_t> encode(const std::int16_t* samples) {
    std::vector<std::uint8_t> frame(10);
    std::uint8_t bytes = 0;
    bcg729Encoder(encoder_, samples, frame.data(), &bytes);
    frame.resize(bytes);
    return frame;
  }
  // Nothing: a frame that did not come, or was not sent.
  Frame decode(const std::vector<std::uint8_t>& frame) {
    Frame out{};
    const auto bytes = static_cast<std::uint8_t>(frame.size());
    bcg729Decoder(decoder_, frame.empty() ? nullptr : frame.data(), bytes, frame.empty() ? 1 : 0,
                  bytes == 2 ? 1 : 0, 0, out.data());
    return out;
  }

 private:
  bcg729EncoderChannelContextStruct* encoder_;
  bcg729DecoderChannelContextStruct* decoder_;
};

// Every tenth frame is lost on the way.
void compare(bool silence) {
  EncoderSettings settings;
  settings.dtx = silence;
  const PayloadFormat format{18, "G729", 8'000, 1, {}};
  auto encoder = make_encoder(format, settings).value();
  auto decoder = make_decoder(format).value();
  Reference reference(silence);
  const std::vector<std::int16_t> samples = speech();
  std::vector<std::uint8_t> payload(kMaxPayloadBytes);
  AudioBuffer heard(1, kFrame, 8'000);
  std::array<std::size_t, 11> frames_of_bytes{};
  for (std::size_t at = 0; at < samples.size(); at += kFrame) {
    std::vector<std::uint8_t> expected = reference.encode(samples.data() + at);
    payload.resize(kMaxPayloadBytes);
    payload.resize(encoder->encode(as_audio(samples.data() + at), payload).bytes);
    ASSERT_EQ(payload, expected) << at;
    ++frames_of_bytes.at(expected.size());
    if (at / kFrame % 10 == 9) expected.clear();
    const Frame sound = reference.decode(expected);
    if (expected.empty()) {
      decoder->conceal(heard.view());
    } else {
      ASSERT_EQ(decoder->decode(expected, heard.view()), kFrame);
    }
    for (std::size_t i = 0; i < kFrame; ++i)
      ASSERT_EQ(heard.channel(0)[i], static_cast<float>(sound[i]) / 32'768.0f) << at + i;
  }
  EXPECT_EQ(frames_of_bytes[0] > 20, silence);
  EXPECT_EQ(frames_of_bytes[2] > 0, silence);
  EXPECT_GT(frames_of_bytes[10], 300u);
}

TEST(Bcg729, SpeechIsBitExactWithTheLibrary) {
  SYRINX_NEED_DATA("media/plc/54_clean.wav");
  compare(false);
}

TEST(Bcg729, SpeechAndSilenceByAnnexBAreBitExactWithTheLibrary) {
  SYRINX_NEED_DATA("media/plc/54_clean.wav");
  compare(true);
}

}  // namespace
}  // namespace syrinx::codec
