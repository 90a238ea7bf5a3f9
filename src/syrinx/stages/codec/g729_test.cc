// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/codec/g729.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <vector>

#include "support/need_g729.h"
#include "support/realtime_guard.h"
#include "support/test_data.h"
#include "syrinx/stages/codec/codec.h"
#include "syrinx/stages/codec/g729_abi.h"
#include "syrinx/stages/codec/negotiation.h"

namespace syrinx::codec {
namespace {

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

TEST(G729, CarriesAVoiceInTenBytesFor10Ms) {
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

// Steady noise, far below speech.
void add_noise(AudioBuffer& audio, float level) {
  std::uint32_t random = 1;
  for (float& sample : audio.channel(0)) {
    random = random * 1'664'525u + 1'013'904'223u;
    sample += level * static_cast<float>(static_cast<std::int32_t>(random)) / 2147483648.0f;
  }
}

// Half a second of noise, of which the detector learns, half a second of voice, two of noise, a
// second of voice.
AudioBuffer voice_and_pause() {
  AudioBuffer audio = voice(32'000);
  for (std::size_t i = 0; i < 24'000; ++i)
    if (i < 4'000 || i >= 8'000) audio.channel(0)[i] = 0.0f;
  add_noise(audio, 0.004f);
  return audio;
}

double rms(std::span<const float> x) {
  double sum = 0.0;
  for (const float sample : x) sum += static_cast<double>(sample) * static_cast<double>(sample);
  return std::sqrt(sum / static_cast<double>(x.size()));
}

struct Paused {
  AudioBuffer heard;
  std::vector<std::size_t> bytes;  // Of each packet.
};

// Each packet at its time, and what lies between them as the decoder goes on.
Paused carry_with_pauses(const AudioBuffer& said, std::size_t block) {
  EncoderSettings settings;
  settings.dtx = true;
  auto encoder = make_encoder(kFormat, settings).value();
  auto decoder = make_decoder(kFormat).value();
  Paused result{AudioBuffer(1, said.frames(), 8'000), {}};
  std::vector<std::uint8_t> payload(kMaxPayloadBytes);
  std::size_t heard_to = 0;
  for (std::size_t at = 0; at + block <= said.frames(); at += block) {
    const Encoded got = encoder->encode(said.view().slice(at, block), payload);
    EXPECT_EQ(got.duration_ticks, block);
    EXPECT_EQ(got.silence, got.bytes == SYRINX_G729_SILENCE_BYTES);
    result.bytes.push_back(got.bytes);
    const auto bytes = std::span<const std::uint8_t>(payload).first(got.bytes);
    const std::size_t begin = got.bytes > 0 ? at + got.offset_ticks : at + block;
    EXPECT_GE(begin, heard_to);
    if (begin > heard_to) decoder->conceal(result.heard.view().slice(heard_to, begin - heard_to));
    heard_to = begin;
    if (got.bytes == 0) continue;
    const std::size_t made = decoder->frames_in(bytes);
    EXPECT_LE(begin + made, at + block);
    EXPECT_EQ(decoder->decode(bytes, result.heard.view().slice(begin, made)), made);
    heard_to += made;
  }
  return result;
}

TEST(G729, AnnexBSendsAPauseInAFewBytesAndItSoundsAsLoud) {
  SYRINX_NEED_G729();
  const AudioBuffer said = voice_and_pause();
  for (const std::size_t block : {80u, 160u, 240u, 480u}) {
    SCOPED_TRACE(block);
    const Paused got = carry_with_pauses(said, block);
    std::size_t in_pause = 0;
    std::size_t spoken = 0;
    for (std::size_t i = 0; i < got.bytes.size(); ++i) {
      const std::size_t at = i * block;
      if (at >= 10'400 && at + block <= 24'000) in_pause += got.bytes[i];
      if (at >= 4'800 && at + block <= 8'000) spoken += got.bytes[i];
    }
    EXPECT_GE(spoken, 350u);    // Of 400, by 8 kbit/s.
    EXPECT_LT(in_pause, 170u);  // Of 1,700 bytes.
    const auto pause = got.heard.channel(0).subspan(11'000, 12'000);
    EXPECT_NEAR(20.0 * std::log10(rms(pause) / rms(said.channel(0).subspan(11'000, 12'000))), 0.0,
                6.0);
    EXPECT_NEAR(20.0 * std::log10(rms(got.heard.channel(0).subspan(26'000, 5'000)) /
                                  rms(said.channel(0).subspan(26'000, 5'000))),
                0.0, 3.0);
  }
}

TEST(G729, SendsEveryFrameWhereTheOtherSideHasNoAnnexB) {
  SYRINX_NEED_G729();
  EncoderSettings settings;
  settings.dtx = true;
  PayloadFormat format = kFormat;
  format.parameters = {{"annexb", "no"}};
  EXPECT_FALSE(settings_for(format, settings).dtx);
  EXPECT_TRUE(settings_for(kFormat, settings).dtx);
  auto encoder = make_encoder(format, settings).value();
  AudioBuffer silence(1, 160, 8'000);
  std::vector<std::uint8_t> payload(kMaxPayloadBytes);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(encoder->encode(silence, payload).bytes, 20u);
}

// What comes of frames of speech, of silence and of none, by chance; the same for the same seed.
std::vector<float> decoded_by_chance(Decoder& decoder, std::uint32_t seed) {
  std::vector<float> all;
  AudioBuffer out(1, 80, 8'000);
  const auto next = [&seed] { return (seed = seed * 1'664'525u + 1'013'904'223u) >> 16; };
  for (int i = 0; i < 40; ++i) {
    std::vector<std::uint8_t> frame(next() % 3 == 0 ? 2 : 10);
    for (std::uint8_t& byte : frame) byte = static_cast<std::uint8_t>(next());
    if (next() % 4 == 0) {
      decoder.conceal(out.view());
    } else {
      decoder.decode(frame, out.view());
    }
    all.insert(all.end(), out.channel(0).begin(), out.channel(0).end());
  }
  return all;
}

TEST(G729, ADecoderThatWasResetIsAsANewOneWhateverItHeardBefore) {
  SYRINX_NEED_G729();
  auto used = make_decoder(kFormat).value();
  for (std::uint32_t seed = 0; seed < 200; ++seed) {
    decoded_by_chance(*used, seed + 1'000);
    used->reset();
    auto fresh = make_decoder(kFormat).value();
    ASSERT_EQ(decoded_by_chance(*used, seed), decoded_by_chance(*fresh, seed)) << seed;
    used->reset();
  }
}

PayloadFormat with_annex_b(const char* value) {
  PayloadFormat format = kFormat;
  if (value != nullptr) format.parameters = {{"annexb", value}};
  return format;
}

// RFC 7261, 3: no annexb is yes, and one no is enough.
TEST(G729, AnnexBIsAgreedOnWhereBothSidesHaveIt) {
  struct Row {
    const char* offered;
    const char* ours;
    bool agreed;
  };
  for (const Row& row :
       {Row{nullptr, nullptr, true}, Row{"yes", nullptr, true}, Row{"YES", "yes", true},
        Row{"no", "yes", false}, Row{"no", nullptr, false}, Row{"yes", "no", false},
        Row{nullptr, "No", false}}) {
    const MediaFormats offer{{with_annex_b(row.offered)}, {}, {}};
    const auto answer = make_answer(offer, {{with_annex_b(row.ours)}, {}, {}}).value();
    EXPECT_EQ(has_annex_b(answer.agreement.send), row.agreed);
    EXPECT_EQ(has_annex_b(answer.agreement.receive), row.agreed);
    EXPECT_EQ(has_annex_b(answer.formats.formats[0]), row.agreed);
    const auto taken = accept_answer(offer, answer.formats).value();
    EXPECT_EQ(has_annex_b(taken.send), row.agreed);
    EXPECT_EQ(has_annex_b(taken.receive), row.agreed);
    // Who answers yes to a no is not believed.
    const auto wrong = accept_answer(offer, {{with_annex_b("yes")}, {}, {}}).value();
    EXPECT_EQ(has_annex_b(wrong.send), has_annex_b(offer.formats[0]));
  }
}

TEST(G729, IsOfferedAndAnsweredUnderItsStaticNumber) {
  SYRINX_NEED_G729();
  const auto offer = make_offer({"G729", "PCMU"}).value();
  ASSERT_EQ(offer.formats.size(), 2u);
  EXPECT_EQ(rtpmap_of(offer.formats[0]), "18 G729/8000");
  EXPECT_EQ(fmtp_of(offer.formats[0]), "18 annexb=yes");
  EXPECT_EQ(make_answer(offer, offer)->agreement.send.name, "G729");
  EXPECT_EQ(static_format(18)->name, "G729");
}

// In a process of its own, in which nothing was loaded before.
TEST(G729, WhereThePluginDoesNotLoadItIsNotOffered) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const auto folder = support::scratch_dir();
  std::ofstream(folder / "libsyrinx_bcg729.so") << "no library";
  setenv("SYRINX_PLUGINS", folder.c_str(), 1);
  EXPECT_EXIT(
      {
        const auto offer = make_offer({"G729", "PCMU"});
        const bool same = !offer && !make_encoder(kFormat) &&
                          make_decoder(kFormat).error().message == offer.error().message;
        std::fputs(offer ? "" : offer.error().message.c_str(), stderr);
        std::exit(same && make_offer({"PCMU"}) ? 0 : 1);
      },
      testing::ExitedWithCode(0), "libbcg729-dev");
  unsetenv("SYRINX_PLUGINS");
}

}  // namespace
}  // namespace syrinx::codec
