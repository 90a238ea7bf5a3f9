// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/effects/convolution.h"

#include <gtest/gtest.h>

#include <limits>

#include "support/realtime_guard.h"
#include "syrinx/stages/effects/effect_test_support.h"

namespace syrinx::effects {
namespace {

TEST(Convolution, EqualsTheDirectSumInTime) {
  const AudioBuffer impulse = noise(1, 2'000, 3, 0.05f);
  const AudioBuffer given = noise(2, 6'000, 4);
  auto effect = make_convolution(impulse);
  const AudioBuffer out = apply(*effect, given.view()).value();
  for (std::size_t c = 0; c < 2; ++c) {
    for (std::size_t i = 0; i < 6'000; i += 97) {
      double sum = 0.0;
      for (std::size_t k = 0; k < 2'000 && k <= i; ++k)
        sum += double(impulse.channel(0)[k]) * double(given.channel(c)[i - k]);
      ASSERT_NEAR(out.channel(c)[i], sum, 2e-6);
    }
  }
}

TEST(Convolution, GivesEachChannelItsOwnResponse) {
  AudioBuffer impulse(2, 10, kTestRateHz);
  impulse.channel(0)[3] = 0.5f;
  impulse.channel(1)[9] = -1.0f;
  AudioBuffer given(2, 100, kTestRateHz);
  given.channel(0)[0] = given.channel(1)[0] = 1.0f;
  auto effect = make_convolution(impulse);
  const AudioBuffer out = apply(*effect, given.view()).value();
  EXPECT_NEAR(out.channel(0)[3], 0.5, 1e-6);
  EXPECT_NEAR(out.channel(1)[9], -1.0, 1e-6);
  EXPECT_NEAR(out.channel(1)[3], 0.0, 1e-6);
}

// A response is a filter: at another rate it must have the same gain.
TEST(Convolution, KeepsItsGainAtAnotherRate) {
  AudioBuffer impulse(1, 64, 24'000);
  for (std::size_t i = 0; i < 64; ++i)
    impulse.channel(0)[i] =
        static_cast<float>(0.1 - 0.1 * std::cos(2 * std::numbers::pi * double(i) / 64));
  auto effect = make_convolution(impulse);
  effect->prepare({kTestRateHz, 1, 1u << 20}).value();
  for (const double hz : {100.0, 600.0}) {
    std::complex<double> expected = 0;
    for (std::size_t i = 0; i < 64; ++i)
      expected += double(impulse.channel(0)[i]) *
                  std::polar(1.0, -2 * std::numbers::pi * hz * double(i) / 24'000);
    EXPECT_NEAR(impulse_gain_db(*effect, hz), decibels(std::abs(expected)), 0.05);
  }
}

TEST(Convolution, GivesTheSameForAnyBlockAndIsSafeInRealTime) {
  auto effect = make_convolution(noise(1, 3'000, 3, 0.05f));
  effect->prepare({kTestRateHz, 2, 1u << 20}).value();
  AudioBuffer whole = noise(2, 8'000);
  EXPECT_REALTIME_SAFE(effect->process(whole.view()));
  for (const std::size_t block : {1u, 7u, 64u}) {
    effect->reset();
    AudioBuffer pieces = noise(2, 8'000);
    run(*effect, pieces, block);
    EXPECT_TRUE(same(pieces, whole));
  }
}

TEST(Convolution, RefusesResponsesThatItCannotUse) {
  EXPECT_EQ(make_convolution({})->prepare({48'000, 1, 512}).error().code,
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(make_convolution(noise(3, 10))->prepare({48'000, 2, 512}).error().code,
            ErrorCode::kInvalidArgument);
  AudioBuffer damaged = noise(1, 10);
  damaged.channel(0)[5] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_FALSE(make_convolution(damaged)->prepare({48'000, 2, 512}));
  EXPECT_EQ(
      make_convolution(AudioBuffer(1, 1'920'001, 48'000))->prepare({48'000, 1, 512}).error().code,
      ErrorCode::kLimitExceeded);
}

}  // namespace
}  // namespace syrinx::effects
