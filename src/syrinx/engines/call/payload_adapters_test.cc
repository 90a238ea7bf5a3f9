// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/call/payload_adapters.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <numbers>

#include "support/realtime_guard.h"

namespace syrinx::call {
namespace {

// One packet of a 440 Hz tone, at the codec's rate.
std::vector<std::uint8_t> tone_packet(packet::PacketEncoder& encoder, std::size_t& at) {
  std::vector<float> frames(encoder.packet_frames());
  for (float& x : frames)
    x = static_cast<float>(0.3 * std::sin(2.0 * std::numbers::pi * 440.0 *
                                          static_cast<double>(at++) / encoder.sample_rate_hz()));
  std::vector<std::uint8_t> payload;
  EXPECT_TRUE(encoder.encode(frames, payload));
  return payload;
}

double crossings_hz(std::span<const float> x, int rate_hz) {
  int count = 0;
  for (std::size_t i = 1; i < x.size(); ++i) count += x[i - 1] < 0.0f && x[i] >= 0.0f ? 1 : 0;
  return static_cast<double>(count) * rate_hz / static_cast<double>(x.size());
}

TEST(PayloadAdapters, EveryCodecIsHeardAtEveryRateOfCalls) {
  for (const char* codec : {"pcmu", "pcma", "g722", "opus", "l16"}) {
    for (const int rate_hz : {8'000, 16'000, 32'000, 48'000}) {
      const auto format = payload_format_of(codec).value();
      const auto encoder = make_packet_encoder(format, {}, 20).value();
      const auto decoder = make_packet_decoder(format, rate_hz).value();
      ASSERT_EQ(decoder->sample_rate_hz(), rate_hz);
      const auto packet_frames = static_cast<std::size_t>(rate_hz) / 50;
      std::vector<float> heard;
      std::size_t at = 0;
      for (int i = 0; i < 50; ++i) {
        const auto payload = tone_packet(*encoder, at);
        std::vector<float> out(packet_frames);
        ASSERT_EQ(decoder->frames_in(payload), packet_frames) << codec << ' ' << rate_hz;
        std::size_t made = 0;
        EXPECT_REALTIME_SAFE(made = decoder->decode(payload, out));
        ASSERT_EQ(made, packet_frames);
        heard.insert(heard.end(), out.begin(), out.end());
      }
      const auto later = std::span<const float>(heard).last(heard.size() / 2);
      EXPECT_NEAR(crossings_hz(later, rate_hz), 440.0, 5.0) << codec << ' ' << rate_hz;
      std::vector<float> concealed(packet_frames / 2);
      EXPECT_REALTIME_SAFE(decoder->conceal(concealed));
      double energy = 0.0;
      for (const float x : concealed) energy += static_cast<double>(x) * x;
      EXPECT_GT(energy / static_cast<double>(concealed.size()), 0.003) << codec << ' ' << rate_hz;
    }
  }
}

TEST(PayloadAdapters, ComfortNoiseHasItsLevelAtAnotherRate) {
  const auto decoder = make_packet_decoder(payload_format_of("pcmu").value(), 48'000).value();
  const std::array<std::uint8_t, 1> noise = {40};
  decoder->describe_background(noise);
  std::vector<float> out(48'000);
  // Blocks that are no whole 10 ms.
  for (std::size_t at = 0; at < out.size(); at += 100)
    decoder->background(std::span(out).subspan(at, 100));
  double energy = 0.0;
  for (std::size_t i = 24'000; i < out.size(); ++i) energy += static_cast<double>(out[i]) * out[i];
  EXPECT_NEAR(10.0 * std::log10(energy / 24'000.0), -40.0, 1.5);
}

}  // namespace
}  // namespace syrinx::call
