// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/enhance/denoise/statistical_suppressor.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "support/realtime_guard.h"
#include "support/test_data.h"
#include "support/wav.h"
#include "syrinx/stages/enhance/denoise/suppressor_test_support.h"

namespace syrinx::enhance {
namespace {

using namespace testing;  // NOLINT: helpers of these tests.

std::unique_ptr<NoiseSuppressor> prepared(const DenoiseFormat& format) {
  auto made = make_statistical_suppressor();
  EXPECT_TRUE(made && (*made)->prepare(format));
  return std::move(*made);
}

TEST(StatisticalSuppressor, LowersSteadyNoiseByNearlyAsMuchAsItMay) {
  for (const int rate : {8'000, 16'000, 44'100, 48'000, 96'000}) {
    const auto suppressor = prepared({rate, 1, 512});
    const auto sound = noise(static_cast<std::size_t>(3 * rate), rate, 0.05f);
    const auto out = sent_through(*suppressor, sound);
    const auto last = static_cast<std::size_t>(rate);
    EXPECT_LT(power_db(out.channel(0).last(last)), power_db(sound.channel(0).last(last)) - 13.0)
        << rate;
  }
}

TEST(StatisticalSuppressor, AnyBlockSizeGivesTheSameSamples) {
  const auto sound = noise(20'000, 48'000, 0.1f, 2);
  const auto suppressor = prepared({48'000, 2, 20'000});
  const auto whole = sent_through(*suppressor, sound);
  for (const std::size_t block : {1u, 7u, 64u, 480u}) {
    suppressor->reset();
    const auto cut = sent_through(*suppressor, sound, block);
    for (std::size_t c = 0; c < 2; ++c)
      EXPECT_TRUE(
          std::equal(cut.channel(c).begin(), cut.channel(c).end(), whole.channel(c).begin()))
          << block;
  }
}

TEST(StatisticalSuppressor, IsRealTimeSafe) {
  const auto suppressor = prepared({48'000, 2, 480});
  auto sound = noise(480, 48'000, 0.1f, 2);
  EXPECT_REALTIME_SAFE(for (int i = 0; i < 20; ++i) suppressor->process(sound.view());
                       suppressor->reset());
}

TEST(StatisticalSuppressor, ALoudToneComesOutWholeAfterTheStatedLatency) {
  const auto suppressor = prepared({48'000, 1, 480});
  EXPECT_EQ(suppressor->latency_samples(), 959u);
  AudioBuffer sound = noise(96'000, 48'000, 1e-4f);
  const auto row = sound.channel(0);
  for (std::size_t i = 48'000; i < row.size(); ++i)
    row[i] += 0.5f * static_cast<float>(std::sin(0.06 * static_cast<double>(i)));
  const auto out = sent_through(*suppressor, sound);
  // A tone that lasts longer than the noise's minimum is followed for is noise.
  EXPECT_GT(match_db(row.first(48'000 + 24'000), out.channel(0), 959, 48'000 + 4'800), 30.0);
}

TEST(StatisticalSuppressor, WhatIsNotFiniteCountsAsSilence) {
  const auto suppressor = prepared({16'000, 1, 1'000});
  AudioBuffer sound(1, 1'000, 16'000);
  std::fill(sound.channel(0).begin(), sound.channel(0).end(), 0.0f);
  sound.channel(0)[10] = std::numeric_limits<float>::quiet_NaN();
  sound.channel(0)[20] = std::numeric_limits<float>::infinity();
  suppressor->process(sound.view());
  EXPECT_EQ(suppressor->bad_samples(), 2u);
  for (const float x : sound.channel(0)) ASSERT_EQ(x, 0.0f);
}

TEST(StatisticalSuppressor, MakesSpeechInNoiseClearer) {
  SYRINX_NEED_DATA("models/gtcrn/example");
  // The networks' own example, cleaned by GTCRN, as the speech.
  const auto clean = support::read_wav16(support::data_path("models/gtcrn/example/enh_stream.wav"));
  ASSERT_TRUE(clean);
  AudioBuffer noisy(*clean);
  const auto added = noise(noisy.frames(), 16'000, 0.03f);
  for (std::size_t i = 0; i < noisy.frames(); ++i) noisy.channel(0)[i] += added.channel(0)[i];
  const auto suppressor = prepared({16'000, 1, 512});
  const auto out = sent_through(*suppressor, noisy);
  const double before = match_db(clean->channel(0), noisy.channel(0), 0, 16'000);
  const double after =
      match_db(clean->channel(0), out.channel(0), suppressor->latency_samples(), 16'000);
  EXPECT_GT(after, before + 4.0) << before;
}

TEST(StatisticalSuppressor, RefusesWhatItCannotServe) {
  auto made = make_statistical_suppressor().value();
  EXPECT_FALSE(made->prepare({4'000, 1, 512}));
  EXPECT_FALSE(made->prepare({48'000, 0, 512}));
  EXPECT_FALSE(made->prepare({48'000, 1, 0}));
  EXPECT_FALSE(make_statistical_suppressor({-1.0}));
  EXPECT_FALSE(make_statistical_suppressor({std::nan("")}));
}

}  // namespace
}  // namespace syrinx::enhance
