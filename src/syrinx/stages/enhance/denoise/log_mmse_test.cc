// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/enhance/denoise/log_mmse.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

#include "syrinx/stages/enhance/denoise/noise_tracker.h"

namespace syrinx::enhance {
namespace {

// Abramowitz and Stegun, table 5.1.
TEST(LogMmse, TheExponentialIntegralIsThatOfTheTables) {
  EXPECT_NEAR(exponential_integral(0.01f), 4.0379296f, 1e-5f);
  EXPECT_NEAR(exponential_integral(0.1f), 1.8229240f, 1e-6f);
  EXPECT_NEAR(exponential_integral(0.5f), 0.5597736f, 1e-6f);
  EXPECT_NEAR(exponential_integral(1.0f), 0.2193839f, 1e-6f);
  EXPECT_NEAR(exponential_integral(2.0f), 0.0489005f, 1e-6f);
  EXPECT_NEAR(exponential_integral(5.0f), 0.0011483f, 1e-6f);
}

TEST(LogMmse, TheGainIsWienersWhereSpeechIsStrongAndMoreWhereItIsWeak) {
  EXPECT_NEAR(log_mmse_gain(1'000.0f, 1'000.0f), 0.999f, 1e-3f);
  // xi = 1, gamma = 1: v = 1/2; 0.5 exp(E1(0.5) / 2).
  EXPECT_NEAR(log_mmse_gain(1.0f, 1.0f), 0.5f * std::exp(0.5597736f / 2.0f), 1e-5f);
  EXPECT_LT(log_mmse_gain(0.003f, 2.0f), 0.1f);
}

// Frames of complex noise of that power in 4 bins.
std::vector<float> noise_frame(std::mt19937& engine, float power) {
  std::exponential_distribution<float> spread(1.0f / power);
  return {spread(engine), spread(engine), spread(engine), spread(engine)};
}
float mean_of(std::span<const float> x) {
  float sum = 0.0f;
  for (const float v : x) sum += v;
  return sum / static_cast<float>(x.size());
}

TEST(NoiseTracker, SettlesOnThePowerOfSteadyNoise) {
  std::mt19937 engine(3);
  NoiseTracker tracker(4, 0.01);
  double sum = 0.0;
  for (int i = 0; i < 2'000; ++i) {
    tracker.process(noise_frame(engine, 0.5f));
    if (i >= 200) sum += static_cast<double>(mean_of(tracker.noise()));
  }
  EXPECT_NEAR(10.0 * std::log10(sum / 1'800.0 / 0.5), 0.0, 1.5);  // A little low, as the paper's.
}

TEST(NoiseTracker, FollowsNoiseThatRisesByTwentyDecibelsWithinTwoSeconds) {
  std::mt19937 engine(4);
  NoiseTracker tracker(4, 0.01);
  for (int i = 0; i < 300; ++i) tracker.process(noise_frame(engine, 0.01f));
  for (int i = 0; i < 200; ++i) tracker.process(noise_frame(engine, 1.0f));
  EXPECT_GT(mean_of(tracker.noise()), 0.4f);
}

TEST(NoiseTracker, TakesShortLoudSoundsForSpeech) {
  std::mt19937 engine(5);
  NoiseTracker tracker(4, 0.01);
  for (int i = 0; i < 600; ++i)
    tracker.process(noise_frame(engine, i % 40 < 20 && i > 100 ? 10.0f : 0.01f));
  EXPECT_LT(mean_of(tracker.noise()), 0.1f);
}

TEST(NoiseTracker, DigitalSilenceChangesNothing) {
  std::mt19937 engine(6);
  NoiseTracker tracker(4, 0.01);
  for (int i = 0; i < 100; ++i) tracker.process(noise_frame(engine, 0.5f));
  const float before = mean_of(tracker.noise());
  for (int i = 0; i < 500; ++i) tracker.process(std::vector<float>(4, 0.0f));
  EXPECT_EQ(mean_of(tracker.noise()), before);
}

}  // namespace
}  // namespace syrinx::enhance
