// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/codec/g729.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "support/realtime_guard.h"
#include "syrinx/stages/codec/codec.h"
#include "syrinx/stages/codec/negotiation.h"

namespace syrinx::codec {
namespace {

// Ends the test as SKIPPED when the plugin is not there, or as FAILED where this build made it.
#ifdef SYRINX_BCG729_BUILT
#define SYRINX_NEED_G729()                                                                      \
  if (const auto there = g729_available(); !there.has_value()) FAIL() << there.error().message; \
  static_assert(true)
#else
#define SYRINX_NEED_G729()                                     \
  if (const auto there = g729_available(); !there.has_value()) \
    GTEST_SKIP() << there.error().message;                     \
  static_assert(true)
#endif

const PayloadFormat kFormat{18, "G729", 8'000, 1, {}};

// A voice of a kind: harmonics of 120 Hz under two resonances, in syllables.
AudioBuffer voice(std::size_t frames) {
  AudioBuffer audio(1, frames, 8'000);
  for (std::size_t i = 0; i < frames; ++i) {
    const double t = static_cast<double>(i) / 8'000.0;
    double sum = 0.0;
    for (int k = 1; k < 25; ++k) {
      const double hz = 120.0 * k;
      const double resonance = std::exp(-std::pow((hz - 600.0) / 300.0, 2)) +
                               0.5 * std::exp(-std::pow((hz - 1'500.0) / 400.0, 2));
      sum += resonance * std::sin(6.283185307179586 * hz * t);
    }
    audio.channel(0)[i] = static_cast<float>(0.1 * sum * (0.6 + 0.4 * std::sin(20.0 * t)));
  }
  return audio;
}

TEST(G729, CarriesAVoiceInTenBytesATenthOfWhatG711Takes) {
  SYRINX_NEED_G729();
  auto encoder = make_encoder(kFormat).value();
  auto decoder = make_decoder(kFormat).value();
  const AudioBuffer said = voice(16'000);
  AudioBuffer heard(1, said.frames(), 8'000);
  std::vector<std::uint8_t> payload(kMaxPayloadBytes);
  for (std::size_t at = 0; at < said.frames(); at += 160) {
    const Encoded got = encoder->encode(said.view().slice(at, 160), payload);
    ASSERT_EQ(got.bytes, 20u);
    EXPECT_EQ(got.duration_ticks, 160u);
    ASSERT_EQ(decoder->decode(std::span<const std::uint8_t>(payload).first(20),
                              heard.view().slice(at, 160)),
              160u);
  }
  // Alike but for the coding, and as late as the encoder says.
  const std::size_t late = encoder->latency_frames();
  double product = 0.0;
  double before = 0.0;
  double after = 0.0;
  for (std::size_t i = 4'000; i + late < said.frames(); ++i) {
    const auto a = static_cast<double>(said.channel(0)[i]);
    const auto b = static_cast<double>(heard.channel(0)[i + late]);
    product += a * b;
    before += a * a;
    after += b * b;
  }
  EXPECT_GT(product / std::sqrt(before * after), 0.8);
  EXPECT_NEAR(10.0 * std::log10(after / before), 0.0, 2.0);
}

TEST(G729, KnowsFramesOfSpeechAndOfSilenceAndRefusesOthers) {
  SYRINX_NEED_G729();
  auto decoder = make_decoder(kFormat).value();
  const std::vector<std::uint8_t> bytes(200);
  const auto frames = [&](std::size_t count) {
    return decoder->frames_in(std::span(bytes).first(count));
  };
  EXPECT_EQ(frames(10), 80u);
  EXPECT_EQ(frames(2), 80u);    // Annex B's description of a silence.
  EXPECT_EQ(frames(22), 240u);  // Two frames and one (RFC 3551, 4.5.6).
  EXPECT_EQ(frames(0), 0u);
  EXPECT_EQ(frames(11), 0u);
  EXPECT_EQ(frames(130), 0u);  // More than 120 ms.
  AudioBuffer out(1, 80, 8'000);
  EXPECT_EQ(decoder->decode(std::span(bytes).first(2), out.view()), 80u);
  EXPECT_EQ(decoder->decode(std::span(bytes).first(11), out.view()), 0u);
  EXPECT_EQ(decoder->bad_payloads(), 1u);
}

TEST(G729, ConcealsInPiecesOfAnyLengthWithoutAllocating) {
  SYRINX_NEED_G729();
  auto encoder = make_encoder(kFormat).value();
  auto decoder = make_decoder(kFormat).value();
  const AudioBuffer said = voice(8'000);
  std::vector<std::uint8_t> payload(kMaxPayloadBytes);
  AudioBuffer out(1, 160, 8'000);
  for (std::size_t at = 0; at < said.frames(); at += 160) {
    const Encoded got = encoder->encode(said.view().slice(at, 160), payload);
    decoder->decode(std::span<const std::uint8_t>(payload).first(got.bytes), out.view());
  }
  double power = 0.0;
  EXPECT_REALTIME_SAFE({
    for (const std::size_t piece : {20u, 60u, 80u, 20u}) {
      decoder->conceal(out.view().slice(0, piece));
      for (const float x : out.channel(0).first(piece)) power += static_cast<double>(x * x);
    }
  });
  EXPECT_GT(power, 0.01);  // It invents sound.
}

TEST(G729, IsOfferedAndAnsweredUnderItsStaticNumber) {
  const auto offer = make_offer({"G729", "PCMU"}).value();
  ASSERT_EQ(offer.formats.size(), 2u);
  EXPECT_EQ(offer.formats[0].payload_type, 18);
  const std::string* annexb = offer.formats[0].parameter("annexb");
  ASSERT_NE(annexb, nullptr);
  EXPECT_EQ(*annexb, "no");
  EXPECT_EQ(make_answer(offer, offer)->agreement.send.name, "G729");
  EXPECT_EQ(static_format(18)->name, "G729");
}

}  // namespace
}  // namespace syrinx::codec
