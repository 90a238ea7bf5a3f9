// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "support/test_data.h"
#include "support/wav.h"
#include "syrinx/stages/codec/codec.h"

namespace syrinx::codec {
namespace {

PayloadFormat opus(std::vector<FmtpParameter> parameters = {}) {
  return {111, "opus", 48'000, 2, std::move(parameters)};
}

// Something like a voice: pulses through a resonance, in syllables.
AudioBuffer voice(int rate_hz, double seconds, std::size_t channels = 1) {
  AudioBuffer audio(channels, static_cast<std::size_t>(rate_hz * seconds), rate_hz);
  double y1 = 0.0;
  double y2 = 0.0;
  double phase = 0.0;
  const double radius = std::exp(-3.14159265 * 120.0 / rate_hz);
  for (std::size_t i = 0; i < audio.frames(); ++i) {
    const double t = static_cast<double>(i) / rate_hz;
    phase += (120.0 + 30.0 * std::sin(5.0 * t)) / rate_hz;
    double x = 0.0;
    if (phase >= 1.0) phase -= 1.0, x = 0.5 + 0.5 * std::sin(9.0 * t);
    const double y =
        x + 2 * radius * std::cos(2 * 3.14159265 * 700 / rate_hz) * y1 - radius * radius * y2;
    y2 = y1, y1 = y;
    for (std::size_t c = 0; c < channels; ++c) audio.channel(c)[i] = static_cast<float>(0.15 * y);
  }
  return audio;
}

struct Sent {
  std::vector<std::vector<std::uint8_t>> payloads;
  std::size_t bytes = 0;
};

Sent send(Encoder& encoder, const AudioBuffer& audio, std::size_t frames) {
  Sent sent;
  std::vector<std::uint8_t> payload(kMaxPayloadBytes);
  for (std::size_t at = 0; at + frames <= audio.frames(); at += frames) {
    const Encoded got = encoder.encode(audio.view().slice(at, frames), payload);
    sent.payloads.emplace_back(payload.begin(),
                               payload.begin() + static_cast<std::ptrdiff_t>(got.bytes));
    sent.bytes += got.bytes;
  }
  return sent;
}

double signal_to_error_db(std::span<const float> wanted, std::span<const float> got) {
  double signal = 1e-12;
  double error = 1e-12;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    signal += std::pow(wanted[i], 2);
    error += std::pow(wanted[i] - got[i], 2);
  }
  return 10 * std::log10(signal / error);
}

TEST(Opus, TheRtpClockIsAlways48kHzWhateverRateIsCoded) {
  for (const int rate_hz : {8'000, 12'000, 16'000, 24'000, 48'000}) {
    EncoderSettings settings;
    settings.sample_rate_hz = rate_hz;
    auto encoder = make_encoder(opus(), settings).value();
    const AudioBuffer block = voice(rate_hz, 0.02);
    std::vector<std::uint8_t> payload(kMaxPayloadBytes);
    EXPECT_EQ(encoder->encode(block, payload).duration_ticks, 960U) << rate_hz;
  }
}

TEST(Opus, EveryBlockLengthGoesThrough) {
  auto decoder = make_decoder(opus()).value();
  for (const std::size_t frames : {120U, 240U, 480U, 960U, 1'920U, 2'880U}) {
    auto encoder = make_encoder(opus()).value();
    ASSERT_TRUE(encoder->takes_block(frames));
    const Sent sent = send(*encoder, voice(48'000, 0.3), frames);
    for (const auto& payload : sent.payloads) EXPECT_EQ(decoder->frames_in(payload), frames);
  }
  EXPECT_FALSE(make_encoder(opus()).value()->takes_block(441));
}

TEST(Opus, ADecoderAtAnotherRateHearsTheSame) {
  auto encoder = make_encoder(opus()).value();
  auto narrow = make_decoder(opus(), 16'000).value();
  const Sent sent = send(*encoder, voice(48'000, 1.0), 960);
  EXPECT_EQ(narrow->frames_in(sent.payloads[3]), 320U);
  AudioBuffer heard(1, 320, 16'000);
  double power = 0.0;
  for (const auto& payload : sent.payloads) {
    ASSERT_EQ(narrow->decode(payload, heard.view()), 320U);
    for (const float sample : heard.channel(0)) power += std::pow(sample, 2);
  }
  EXPECT_GT(power, 1.0);
}

TEST(Opus, StereoIsWhatTheFormatSays) {
  EXPECT_EQ(make_encoder(opus()).value()->channels(), 1U);
  auto encoder = make_encoder(opus({{"stereo", "1"}})).value();
  auto decoder = make_decoder(opus({{"stereo", "1"}})).value();
  ASSERT_EQ(encoder->channels(), 2U);
  AudioBuffer sound = voice(48'000, 1.0, 2);
  for (float& sample : sound.channel(1)) sample = 0.0F;
  const Sent sent = send(*encoder, sound, 960);
  double left = 0.0;
  double right = 0.0;
  AudioBuffer heard(2, 960, 48'000);
  for (const auto& payload : sent.payloads) {
    decoder->decode(payload, heard.view());
    for (const float sample : heard.channel(0)) left += std::pow(sample, 2);
    for (const float sample : heard.channel(1)) right += std::pow(sample, 2);
  }
  EXPECT_GT(left, 20 * right);
}

TEST(Opus, TheBitRateIsKept) {
  for (const int bitrate_bps : {12'000, 24'000, 64'000}) {
    EncoderSettings settings;
    settings.bitrate_bps = bitrate_bps;
    settings.variable_bitrate = false;
    auto encoder = make_encoder(opus(), settings).value();
    const Sent sent = send(*encoder, voice(48'000, 4.0), 960);
    EXPECT_NEAR(static_cast<double>(sent.bytes) * 8 / 4.0, bitrate_bps, 0.05 * bitrate_bps);
    for (const auto& payload : sent.payloads)
      EXPECT_EQ(payload.size(), sent.payloads[0].size()) << "a constant rate is constant";
  }
}

TEST(Opus, AnAdaptedEncoderTakesItsNewRateAtOnce) {
  EncoderSettings settings;
  settings.bitrate_bps = 48'000;
  auto encoder = make_encoder(opus(), settings).value();
  const std::size_t before = send(*encoder, voice(48'000, 2.0), 960).bytes;
  encoder->adapt({12'000, 0, false});
  EXPECT_LT(send(*encoder, voice(48'000, 2.0), 960).bytes, before / 2);
}

TEST(Opus, SilenceIsNotSentWithDtx) {
  EncoderSettings settings;
  settings.sample_rate_hz = 16'000;
  settings.dtx = true;
  auto encoder = make_encoder(opus(), settings).value();
  const AudioBuffer silence(1, 16'000 * 4, 16'000);
  std::size_t unsent = 0;
  const Sent sent = send(*encoder, silence, 320);
  for (const auto& payload : sent.payloads) unsent += payload.empty() ? 1 : 0;
  EXPECT_GT(unsent, sent.payloads.size() * 8 / 10);
  EXPECT_LT(unsent, sent.payloads.size()) << "now and then the noise is told anew";
}

// Every tenth packet is lost. What is recovered from the next is nearer to what was said than what
// is made up.
TEST(Opus, ALostBlockComesBackFromTheNextWithFec) {
  EncoderSettings settings;
  settings.sample_rate_hz = 16'000;
  settings.bitrate_bps = 24'000;
  settings.fec = true;
  settings.expected_loss_percent = 20;
  auto encoder = make_encoder(opus(), settings).value();
  const Sent sent = send(*encoder, voice(16'000, 4.0), 320);
  auto whole = make_decoder(opus(), 16'000).value();
  auto recovering = make_decoder(opus(), 16'000).value();
  auto concealing = make_decoder(opus(), 16'000).value();
  std::vector<float> wanted;
  std::vector<float> recovered;
  std::vector<float> concealed;
  int copies = 0;
  for (std::size_t i = 0; i + 1 < sent.payloads.size(); ++i) {
    AudioBuffer a(1, 320, 16'000);
    AudioBuffer b(1, 320, 16'000);
    AudioBuffer c(1, 320, 16'000);
    whole->decode(sent.payloads[i], a.view());
    if (i % 10 != 9) {
      recovering->decode(sent.payloads[i], b.view());
      concealing->decode(sent.payloads[i], c.view());
      continue;
    }
    copies += recovering->recover(sent.payloads[i + 1], b.view()) ? 1 : 0;
    concealing->conceal(c.view());
    wanted.insert(wanted.end(), a.channel(0).begin(), a.channel(0).end());
    recovered.insert(recovered.end(), b.channel(0).begin(), b.channel(0).end());
    concealed.insert(concealed.end(), c.channel(0).begin(), c.channel(0).end());
  }
  EXPECT_GE(copies, 15);
  EXPECT_GT(signal_to_error_db(wanted, recovered), signal_to_error_db(wanted, concealed) + 3.0);
}

TEST(Opus, WithoutFecThereIsNothingToRecoverFrom) {
  EncoderSettings settings;
  settings.sample_rate_hz = 16'000;
  auto encoder = make_encoder(opus(), settings).value();
  auto decoder = make_decoder(opus(), 16'000).value();
  const Sent sent = send(*encoder, voice(16'000, 0.5), 320);
  AudioBuffer out(1, 320, 16'000);
  for (const auto& payload : sent.payloads) EXPECT_FALSE(decoder->recover(payload, out.view()));
  EXPECT_FALSE(decoder->recover({}, out.view()));
}

TEST(Opus, SettingsOutsideItsOwnAreRefusedWithWhatItHas) {
  EncoderSettings settings;
  settings.bitrate_bps = 1'000;
  const auto made = make_encoder(opus(), settings);
  ASSERT_FALSE(made.has_value());
  EXPECT_NE(made.error().message.find("6000 to 510000"), std::string::npos);
  settings = {};
  settings.complexity = 11;
  EXPECT_EQ(make_encoder(opus(), settings).error().code, ErrorCode::kInvalidArgument);
}

TEST(Opus, TheOtherSidesFmtpSetsOurEncoder) {
  const EncoderSettings settings = settings_for(opus({{"maxaveragebitrate", "20000"},
                                                      {"maxplaybackrate", "16000"},
                                                      {"cbr", "1"},
                                                      {"useinbandfec", "1"},
                                                      {"usedtx", "1"}}));
  EXPECT_EQ(settings.bitrate_bps, 20'000);
  EXPECT_EQ(settings.max_audio_rate_hz, 16'000);
  EXPECT_FALSE(settings.variable_bitrate);
  EXPECT_TRUE(settings.fec);
  EXPECT_TRUE(settings.dtx);
  const EncoderSettings plain = settings_for(opus({{"maxaveragebitrate", "nonsense"}}));
  EXPECT_EQ(plain.bitrate_bps, 0);
  EXPECT_FALSE(plain.fec);
}

}  // namespace
}  // namespace syrinx::codec
