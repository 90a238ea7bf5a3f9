// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/conversion/live/latency_probe.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "support/realtime_guard.h"

namespace syrinx::conversion {
namespace {

// The probe through a loop of that many frames and that gain, with noise on it, in blocks.
Result<LatencyMeasure> measured(std::size_t delay, float gain, float noise, std::size_t channels) {
  auto probe = LatencyProbe::create(48'000, channels, 3).value();
  std::vector<float> line(delay);
  std::size_t at = 0;
  std::mt19937 engine(1);
  std::normal_distribution<float> spread(0.0f, noise);
  std::vector<float> block(480 * channels);
  while (!probe.finished()) {
    for (std::size_t i = 0; i < 480; ++i)
      for (std::size_t c = 0; c < channels; ++c)
        block[i * channels + c] = gain * line[(at + i) % delay] + spread(engine);
    const auto heard_at = at;
    EXPECT_REALTIME_SAFE(probe.exchange(block));
    for (std::size_t i = 0; i < 480; ++i) line[(heard_at + i) % delay] = block[i * channels];
    at += 480;
  }
  return probe.measure();
}

TEST(LatencyProbe, FindsTheDelayOfALoopToTheSample) {
  for (const std::size_t delay : {481u, 1'000u, 12'345u, 40'000u}) {
    const auto measure = measured(delay, 0.3f, 0.01f, 2);
    ASSERT_TRUE(measure) << measure.error().message;
    EXPECT_NEAR(measure->median_ms, 1e3 * static_cast<double>(delay) / 48'000.0, 0.03);
    EXPECT_EQ(measure->found, 3u);
    EXPECT_NEAR(measure->most_ms, measure->least_ms, 0.03);
  }
}

TEST(LatencyProbe, SaysWhenNothingComesBack) {
  const auto measure = measured(1'000, 0.0f, 0.1f, 1);
  ASSERT_FALSE(measure);
  EXPECT_EQ(measure.error().code, ErrorCode::kUnavailable);
  EXPECT_NE(measure.error().message.find("cable"), std::string::npos);
}

TEST(LatencyProbe, RefusesNoBursts) { EXPECT_FALSE(LatencyProbe::create(48'000, 1, 0)); }

}  // namespace
}  // namespace syrinx::conversion
