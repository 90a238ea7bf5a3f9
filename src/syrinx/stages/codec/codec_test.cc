// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/codec/codec.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "support/realtime_guard.h"

namespace syrinx::codec {
namespace {

PayloadFormat format_of(const CodecInfo& info) {
  return {96, std::string(info.name), info.clock_rate_hz, info.channels, {}};
}

std::vector<const CodecInfo*> audio_codecs() {
  std::vector<const CodecInfo*> found;
  for (const CodecInfo& info : codecs()) {
    // G.729 comes by a plugin, which need not be there; g729_test.cc says where it must.
    if (info.is_audio && check_codec(info)) found.push_back(&info);
  }
  return found;
}

std::string label(const CodecInfo& info) {
  return std::string(info.name) + "/" + std::to_string(info.clock_rate_hz) + "/" +
         std::to_string(info.channels);
}

AudioBuffer chirp(std::size_t channels, std::size_t frames, int rate_hz) {
  AudioBuffer audio(channels, frames, rate_hz);
  for (std::size_t c = 0; c < channels; ++c) {
    for (std::size_t i = 0; i < frames; ++i) {
      const double t = static_cast<double>(i) / rate_hz;
      audio.channel(c)[i] = static_cast<float>(
          0.3 * std::sin(2 * 3.14159265 * (300.0 + 100.0 * static_cast<double>(c) + 400 * t) * t));
    }
  }
  return audio;
}

TEST(Codecs, EveryAudioCodecTakesItsBlocksAndGivesTheirLengthBack) {
  for (const CodecInfo* info : audio_codecs()) {
    SCOPED_TRACE(label(*info));
    auto encoder = make_encoder(format_of(*info)).value();
    auto decoder = make_decoder(format_of(*info)).value();
    EXPECT_EQ(encoder->sample_rate_hz(), info->sample_rate_hz);
    std::vector<std::uint8_t> payload(kMaxPayloadBytes);
    for (const int block_us : {info->min_block_us, 20'000, info->max_block_us}) {
      const auto frames = static_cast<std::size_t>(static_cast<std::int64_t>(info->sample_rate_hz) *
                                                   block_us / 1'000'000);
      if (!encoder->takes_block(frames)) continue;
      const AudioBuffer block = chirp(encoder->channels(), frames, info->sample_rate_hz);
      const Encoded got = encoder->encode(block, payload);
      ASSERT_GT(got.bytes, 0U);
      EXPECT_EQ(got.duration_ticks,
                static_cast<std::uint32_t>(static_cast<std::int64_t>(info->clock_rate_hz) *
                                           block_us / 1'000'000));
      const auto bytes = std::span<const std::uint8_t>(payload).first(got.bytes);
      EXPECT_EQ(decoder->frames_in(bytes), frames);
      AudioBuffer heard(decoder->channels(), frames, info->sample_rate_hz);
      EXPECT_EQ(decoder->decode(bytes, heard.view()), frames);
    }
    EXPECT_TRUE(encoder->takes_block(static_cast<std::size_t>(info->sample_rate_hz / 50)));
    EXPECT_FALSE(encoder->takes_block(0));
    EXPECT_FALSE(encoder->takes_block(1'000'000));
  }
}

TEST(Codecs, SteadyStateIsRealTimeSafe) {
  for (const CodecInfo* info : audio_codecs()) {
    SCOPED_TRACE(label(*info));
    EncoderSettings settings;
    settings.fec = true;
    settings.expected_loss_percent = 20;
    auto encoder = make_encoder(format_of(*info), settings).value();
    auto decoder = make_decoder(format_of(*info)).value();
    const auto frames = static_cast<std::size_t>(info->sample_rate_hz / 50);
    const AudioBuffer sound = chirp(encoder->channels(), 10 * frames, info->sample_rate_hz);
    AudioBuffer heard(decoder->channels(), frames, info->sample_rate_hz);
    std::vector<std::uint8_t> payload(kMaxPayloadBytes);
    EXPECT_REALTIME_SAFE({
      for (std::size_t block = 0; block < 10; ++block) {
        const Encoded got = encoder->encode(sound.view().slice(block * frames, frames), payload);
        const auto bytes = std::span<const std::uint8_t>(payload).first(got.bytes);
        if (block == 5) {
          if (!decoder->recover(bytes, heard.view())) decoder->conceal(heard.view());
        }
        decoder->decode(bytes, heard.view());
        encoder->adapt({20'000, 10, true});
      }
      encoder->reset();
      decoder->reset();
    });
  }
}

TEST(Codecs, WhatIsNotFiniteDoesNotComeOutOfTheOtherEnd) {
  for (const CodecInfo* info : audio_codecs()) {
    SCOPED_TRACE(label(*info));
    auto encoder = make_encoder(format_of(*info)).value();
    auto decoder = make_decoder(format_of(*info)).value();
    const auto frames = static_cast<std::size_t>(info->sample_rate_hz / 50);
    AudioBuffer block = chirp(encoder->channels(), frames, info->sample_rate_hz);
    block.channel(0)[3] = std::numeric_limits<float>::quiet_NaN();
    block.channel(0)[4] = std::numeric_limits<float>::infinity();
    block.channel(0)[5] = 1e30F;
    std::vector<std::uint8_t> payload(kMaxPayloadBytes);
    for (int i = 0; i < 3; ++i) {
      const Encoded got = encoder->encode(block, payload);
      AudioBuffer heard(decoder->channels(), frames, info->sample_rate_hz);
      decoder->decode(std::span<const std::uint8_t>(payload).first(got.bytes), heard.view());
      for (std::size_t c = 0; c < heard.channels(); ++c) {
        for (const float sample : heard.channel(c)) ASSERT_TRUE(std::isfinite(sample));
      }
    }
  }
}

TEST(Codecs, ABrokenPayloadIsCountedAndChangesNothing) {
  for (const CodecInfo* info : audio_codecs()) {
    SCOPED_TRACE(label(*info));
    auto decoder = make_decoder(format_of(*info)).value();
    AudioBuffer heard(decoder->channels(), 100, info->sample_rate_hz);
    heard.channel(0)[0] = 0.5F;
    EXPECT_EQ(decoder->decode({}, heard.view()), 0U);
    const std::vector<std::uint8_t> huge(40'001, 0xAA);
    EXPECT_EQ(decoder->frames_in(huge), 0U);
    EXPECT_EQ(decoder->decode(huge, heard.view()), 0U);
    EXPECT_EQ(decoder->bad_payloads(), 2U);
    EXPECT_EQ(heard.channel(0)[0], 0.5F);
  }
}

TEST(Codecs, AResetCodecStartsAsANewOne) {
  for (const CodecInfo* info : audio_codecs()) {
    SCOPED_TRACE(label(*info));
    auto used = make_encoder(format_of(*info)).value();
    auto fresh = make_encoder(format_of(*info)).value();
    const auto frames = static_cast<std::size_t>(info->sample_rate_hz / 50);
    const AudioBuffer block = chirp(used->channels(), frames, info->sample_rate_hz);
    std::vector<std::uint8_t> a(kMaxPayloadBytes);
    std::vector<std::uint8_t> b(kMaxPayloadBytes);
    used->encode(block, a);
    used->reset();
    const Encoded again = used->encode(block, a);
    const Encoded first = fresh->encode(block, b);
    ASSERT_EQ(again.bytes, first.bytes);
    a.resize(again.bytes), b.resize(first.bytes);
    EXPECT_EQ(a, b);
  }
}

// Sixteen-bit numbers come through L16 as they are.
TEST(Codecs, L16LosesNothingOfSixteenBits) {
  auto encoder = make_encoder({96, "L16", 16'000, 1, {}}).value();
  auto decoder = make_decoder({96, "L16", 16'000, 1, {}}).value();
  std::vector<std::uint8_t> payload(kMaxPayloadBytes);
  for (int from = -32'768; from < 32'768; from += 256) {
    AudioBuffer block(1, 256, 16'000);
    for (int i = 0; i < 256; ++i)
      block.channel(0)[static_cast<std::size_t>(i)] = static_cast<float>(from + i) / 32'768.0F;
    AudioBuffer heard(1, 256, 16'000);
    const Encoded got = encoder->encode(block, payload);
    decoder->decode(std::span<const std::uint8_t>(payload).first(got.bytes), heard.view());
    for (std::size_t i = 0; i < 256; ++i)
      ASSERT_EQ(heard.channel(0)[i], block.channel(0)[i]) << from;
  }
}

TEST(Codecs, L16IsInNetworkByteOrder) {
  auto encoder = make_encoder({96, "L16", 8'000, 1, {}}).value();
  AudioBuffer block(1, 1, 8'000);
  block.channel(0)[0] = 258.0F / 32'768.0F;
  std::vector<std::uint8_t> payload(kMaxPayloadBytes);
  EXPECT_EQ(encoder->encode(block, payload).bytes, 2U);
  EXPECT_EQ(payload[0], 1);
  EXPECT_EQ(payload[1], 2);
}

TEST(Codecs, AnUnknownCodecIsRefusedWithThoseThatThereAre) {
  const auto made = make_encoder({96, "speex", 16'000, 1, {}});
  ASSERT_FALSE(made.has_value());
  EXPECT_EQ(made.error().code, ErrorCode::kUnsupported);
  EXPECT_NE(made.error().message.find("opus"), std::string::npos);
  EXPECT_EQ(make_decoder({101, "telephone-event", 8'000, 1, {}}).error().code,
            ErrorCode::kUnsupported);
  EXPECT_EQ(codec_named("speex").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(codec_named("OPUS")->name, "opus");
}

TEST(Codecs, ARateThatACodecDoesNotHaveIsRefused) {
  EXPECT_EQ(make_decoder({0, "PCMU", 8'000, 1, {}}, 16'000).error().code,
            ErrorCode::kInvalidArgument);
  EncoderSettings settings;
  settings.sample_rate_hz = 44'100;
  EXPECT_EQ(make_encoder({111, "opus", 48'000, 2, {}}, settings).error().code,
            ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace syrinx::codec
