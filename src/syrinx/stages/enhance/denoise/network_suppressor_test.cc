// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/enhance/denoise/network_suppressor.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "support/need_onnx.h"
#include "support/test_data.h"
#include "support/wav.h"
#include "syrinx/core/dsp/resample.h"
#include "syrinx/stages/enhance/denoise/any_rate_network.h"
#include "syrinx/stages/enhance/denoise/suppressor_test_support.h"

namespace syrinx::enhance {
namespace {

using namespace testing;  // NOLINT: helpers of these tests.

// What stands for a network: its input times a gain, 384 samples later; or a failure.
class Scale final : public FrameNetwork {
 public:
  explicit Scale(float gain, bool works = true) : gain_(gain), works_(works) {}
  std::size_t hop_samples() const noexcept override { return 128; }
  std::size_t latency_samples() const noexcept override { return 384; }
  bool process(std::span<const float> in, std::span<float> out) noexcept override {
    for (std::size_t i = 0; i < in.size(); ++i) out[i] = gain_ * delay_.next(in[i]);
    return works_;
  }
  void reset() noexcept override { delay_.reset(); }

 private:
  float gain_;
  bool works_;
  SampleDelay delay_{384};
};

NetworkMaker scale(float gain, bool works = true) {
  return
      [=] { return Result<std::unique_ptr<FrameNetwork>>(std::make_unique<Scale>(gain, works)); };
}

TEST(NetworkSuppressor, ANetworkThatChangesNothingGivesBackAnyRatesSoundExactlyInTime) {
  for (const int rate : {8'000, 11'025, 16'000, 22'050, 44'100, 48'000, 96'000, 192'000}) {
    const auto suppressor = make_network_suppressor(scale(1.0f));
    ASSERT_TRUE(suppressor->prepare({rate, 1, 4'096}));
    const auto sound = noise(static_cast<std::size_t>(rate), rate, 0.1f);
    const auto out = sent_through(*suppressor, sound);
    EXPECT_GT(match_db(sound.channel(0), out.channel(0), suppressor->latency_samples(), 0), 100.0)
        << rate;
    const double latency_ms = 1e3 * static_cast<double>(suppressor->latency_samples()) / rate;
    EXPECT_GE(latency_ms, 31.9) << rate;
    EXPECT_LT(latency_ms, 42.0) << rate;
  }
}

TEST(NetworkSuppressor, WhatTheNetworkCannotHearIsLoweredAsMuch) {
  const auto suppressor = make_network_suppressor(scale(0.1f));
  ASSERT_TRUE(suppressor->prepare({48'000, 1, 4'096}));
  const auto sound = noise(96'000, 48'000, 0.1f);
  const auto out = sent_through(*suppressor, sound);
  EXPECT_NEAR(power_db(out.channel(0).last(48'000)), power_db(sound.channel(0)) - 20.0, 0.3);
}

TEST(NetworkSuppressor, AnyBlockSizeGivesTheSameSamples) {
  const auto suppressor = make_network_suppressor(scale(0.5f));
  const auto sound = noise(20'000, 44'100, 0.1f, 2);
  ASSERT_TRUE(suppressor->prepare({44'100, 2, 20'000}));
  const auto whole = sent_through(*suppressor, sound);
  for (const std::size_t block : {1u, 7u, 64u}) {
    suppressor->reset();
    const auto cut = sent_through(*suppressor, sound, block);
    for (std::size_t c = 0; c < 2; ++c)
      EXPECT_TRUE(
          std::equal(cut.channel(c).begin(), cut.channel(c).end(), whole.channel(c).begin()))
          << block;
  }
}

TEST(NetworkSuppressor, WhereTheNetworkFailsTheSoundPassesAndIsCounted) {
  const auto suppressor = make_network_suppressor(scale(0.0f, false));
  ASSERT_TRUE(suppressor->prepare({48'000, 1, 4'096}));
  const auto sound = noise(48'000, 48'000, 0.1f);
  const auto out = sent_through(*suppressor, sound);
  EXPECT_GT(match_db(sound.channel(0), out.channel(0), suppressor->latency_samples(), 0), 100.0);
  EXPECT_EQ(suppressor->failed_frames(), 125u);
}

// Against the file that GTCRN's authors made with their own streaming code, once the first frames,
// which see a mirrored edge there and silence here, are forgotten.
TEST(Gtcrn, StreamsWhatItsAuthorsCodeMakes) {
  SYRINX_NEED_ONNX();
  SYRINX_NEED_DATA("models/gtcrn");
  const auto noisy = support::read_wav16(support::data_path("models/gtcrn/example/mix.wav"));
  const auto expected =
      support::read_wav16(support::data_path("models/gtcrn/example/enh_stream.wav"));
  ASSERT_TRUE(noisy && expected);
  const auto suppressor =
      make_suppressor(DenoiseKind::kGtcrn, support::data_path("models")).value();
  ASSERT_TRUE(suppressor->prepare({16'000, 1, 160}));
  EXPECT_EQ(suppressor->latency_samples(), 511u);
  const auto out = sent_through(*suppressor, *noisy);
  EXPECT_GT(match_db(expected->channel(0), out.channel(0), 511, 16'000), 40.0);
}

// No output of the authors' comes with DTLN; what it makes of a noisy recording is held against
// what the other network makes of it.
TEST(Dtln, BringsANoisyRecordingNearerToWhatGtcrnMakesOfIt) {
  SYRINX_NEED_ONNX();
  SYRINX_NEED_DATA("models/dtln");
  SYRINX_NEED_DATA("models/gtcrn/example");
  const auto noisy = support::read_wav16(support::data_path("models/gtcrn/example/mix.wav"));
  const auto clean = support::read_wav16(support::data_path("models/gtcrn/example/enh_stream.wav"));
  ASSERT_TRUE(noisy && clean);
  const auto suppressor = make_suppressor(DenoiseKind::kDtln, support::data_path("models")).value();
  ASSERT_TRUE(suppressor->prepare({16'000, 1, 160}));
  EXPECT_EQ(suppressor->latency_samples(), 511u);
  const auto out = sent_through(*suppressor, *noisy);
  const double before = match_db(clean->channel(0), noisy->channel(0), 0, 16'000);
  EXPECT_GT(match_db(clean->channel(0), out.channel(0), 511, 16'000), before + 3.0) << before;
}

TEST(Gtcrn, ServesFortyEightKilohertzAndTwoChannels) {
  SYRINX_NEED_ONNX();
  SYRINX_NEED_DATA("models/gtcrn");
  const auto noisy = support::read_wav16(support::data_path("models/gtcrn/example/mix.wav"));
  const auto expected =
      support::read_wav16(support::data_path("models/gtcrn/example/enh_stream.wav"));
  ASSERT_TRUE(noisy && expected);
  const auto mono = dsp::resample(*noisy, 48'000).value();
  const auto wanted = dsp::resample(*expected, 48'000).value();
  AudioBuffer both(2, mono.frames(), 48'000);
  for (std::size_t c = 0; c < 2; ++c)
    std::copy(mono.channel(0).begin(), mono.channel(0).end(), both.channel(c).begin());
  const auto suppressor =
      make_suppressor(DenoiseKind::kGtcrn, support::data_path("models")).value();
  ASSERT_TRUE(suppressor->prepare({48'000, 2, 480}));
  const auto out = sent_through(*suppressor, both);
  for (std::size_t c = 0; c < 2; ++c)
    EXPECT_GT(match_db(wanted.channel(0), out.channel(c), suppressor->latency_samples(), 48'000),
              15.0);
  EXPECT_EQ(suppressor->failed_frames(), 0u);
}

TEST(NoiseSuppressor, MissingModelsAndUnknownKindsAreErrorsThatSayWhatToDo) {
  const auto made = make_suppressor(DenoiseKind::kDtln, support::scratch_dir());
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, ErrorCode::kNotFound);
  EXPECT_NE(made.error().message.find("statistical"), std::string::npos);
  EXPECT_FALSE(parse_denoise_kind("loud"));
  for (const auto kind :
       {DenoiseKind::kOff, DenoiseKind::kStatistical, DenoiseKind::kGtcrn, DenoiseKind::kDtln})
    EXPECT_EQ(parse_denoise_kind(to_string(kind)).value(), kind);
}

}  // namespace
}  // namespace syrinx::enhance
