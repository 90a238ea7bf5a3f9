// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/enhance/denoise/delayed_resampler.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <vector>

#include "support/realtime_guard.h"

namespace syrinx::enhance {
namespace {

constexpr int kLowHz = 16'000;

double tone(double seconds, double hz) { return std::sin(2.0 * std::numbers::pi * hz * seconds); }

// The largest difference from the tone at the time that the delay says, once the filter is full.
double worst_against_tone(int in_hz, int out_hz, double delay, double hz) {
  auto resampler = DelayedResampler::create(in_hz, out_hz, delay);
  EXPECT_TRUE(resampler);
  std::size_t n = 0;
  double worst = 0.0;
  const auto start = static_cast<std::size_t>(3.0 * delay / in_hz * out_hz) + 10;
  for (int i = 0; i < in_hz / 4; ++i)
    resampler->push(static_cast<float>(tone(static_cast<double>(i) / in_hz, hz)), [&](float y) {
      const double seconds = static_cast<double>(n) / out_hz - delay / in_hz;
      if (n > start) worst = std::max(worst, std::abs(static_cast<double>(y) - tone(seconds, hz)));
      ++n;
    });
  EXPECT_GT(n, start);
  return worst;
}

TEST(DelayedResampler, MovesATonesTimeByExactlyItsDelay) {
  for (const int hz : {8'000, 11'025, 22'050, 44'100, 48'000, 96'000}) {
    for (const double extra : {0.0, 0.37, 5.0}) {
      const double down = DelayedResampler::least_delay(hz, kLowHz) + extra;
      const double up = DelayedResampler::least_delay(kLowHz, hz) + extra;
      EXPECT_LT(worst_against_tone(hz, kLowHz, down, 1'000.0), 2e-3) << hz;
      EXPECT_LT(worst_against_tone(kLowHz, hz, up, 1'000.0), 2e-3) << hz;
    }
  }
}

TEST(DelayedResampler, LetsNothingThroughAboveTheLowerRatesNyquistFrequency) {
  auto resampler = DelayedResampler::create(48'000, kLowHz, 200.0).value();
  double worst = 0.0;
  std::size_t n = 0;
  for (int i = 0; i < 24'000; ++i)
    resampler.push(static_cast<float>(tone(i / 48'000.0, 9'000.0)), [&](float y) {
      if (++n > 200) worst = std::max(worst, std::abs(static_cast<double>(y)));
    });
  EXPECT_LT(worst, 1e-3);
}

TEST(DelayedResampler, GivesAsManySamplesAsTheRatesSay) {
  auto resampler = DelayedResampler::create(44'100, kLowHz, 500.0).value();
  std::size_t n = 0;
  for (int i = 1; i <= 44'100; ++i) {
    resampler.push(0.0f, [&](float) { ++n; });
    ASSERT_EQ(n, static_cast<std::size_t>(std::ceil(i * 16'000.0 / 44'100.0 - 1e-9))) << i;
  }
}

TEST(DelayedResampler, IsRealTimeSafeAndForgets) {
  auto resampler = DelayedResampler::create(48'000, kLowHz, 200.0).value();
  std::vector<float> first;
  std::vector<float> second;
  for (auto* out : {&first, &second}) {
    out->reserve(1'000);
    EXPECT_REALTIME_SAFE(for (int i = 0; i < 999; ++i) resampler.push(
        static_cast<float>(i % 7), [&](float y) { out->push_back(y); }));
    resampler.reset();
  }
  EXPECT_EQ(first, second);
}

TEST(DelayedResampler, RefusesRatesThatNeedTooManyPhases) {
  const double delay = DelayedResampler::least_delay(kLowHz, 191'999);
  const auto made = DelayedResampler::create(kLowHz, 191'999, delay + 1.0);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, ErrorCode::kLimitExceeded);
}

}  // namespace
}  // namespace syrinx::enhance
