// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/level/snr_estimate.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "syrinx/stages/measure/level/test_signals.h"

namespace syrinx::measure {
namespace {

// Samples of the very distribution that WADA-SNR supposes, with noise.
AudioBuffer gamma_speech(double snr_db, std::uint32_t seed) {
  AudioBuffer audio(1, 400'000, 16'000);
  std::mt19937 random(seed);
  std::gamma_distribution<double> speech(0.4, 1.0);
  std::normal_distribution<double> noise(0.0, std::sqrt(0.56 / std::pow(10.0, snr_db / 10)));
  for (float& v : audio.channel(0)) {
    const double sign = (random() & 1u) != 0 ? 1.0 : -1.0;
    v = static_cast<float>(0.01 * (sign * speech(random) + noise(random)));
  }
  return audio;
}

// From the table that Kim and Stern publish with their method (drawn at random there: 0.002).
TEST(WadaStatistic, IsThatOfThePublishedTable) {
  EXPECT_NEAR(wada_statistic(-20), 0.40974774, 0.002);
  EXPECT_NEAR(wada_statistic(-10), 0.41231718, 0.002);
  EXPECT_NEAR(wada_statistic(0), 0.46221153, 0.002);
  EXPECT_NEAR(wada_statistic(20), 0.95655449, 0.002);
}

// Speech alone: ln 0.4 - digamma(0.4). Noise alone: ln sqrt(2/pi) + (ln 2 + Euler's constant) / 2.
TEST(WadaStatistic, HasTheLimitsOfItsDistributions) {
  EXPECT_NEAR(wada_statistic(300), std::log(0.4) + 2.5613845445851, 1e-4);
  EXPECT_NEAR(wada_statistic(-100),
              0.5 * std::log(2 / std::numbers::pi) + 0.5 * (std::log(2.0) + 0.5772156649), 1e-6);
}

TEST(SnrEstimate, FindsTheRatioOfWhatItSupposes) {
  for (const double snr_db : {0.0, 5.0, 10.0, 20.0, 40.0}) {
    const auto estimate = estimate_snr(gamma_speech(snr_db, 3)).value();
    EXPECT_NEAR(estimate.wada_db, snr_db, 0.5) << snr_db;
  }
}

TEST(SnrEstimate, HearsTheNoiseInPauses) {
  for (const double snr_db : {20.0, 30.0, 50.0}) {
    AudioBuffer audio;
    for (int i = 0; i < 5; ++i) {
      audio.append(sine(2, -20, 300, 16'000));
      audio.append(AudioBuffer(1, 32'000, 16'000));
    }
    std::mt19937 random(5);
    std::normal_distribution<double> noise(0.0, std::pow(10.0, (-23.01 - snr_db) / 20));
    for (float& v : audio.channel(0)) v += static_cast<float>(noise(random));
    // P.56 counts 0.25 s of hangover with each 2 s: half a decibel less than the tone alone; the
    // floor is a low percentile, so half a decibel below the noise's mean.
    EXPECT_NEAR(estimate_snr(audio).value().pauses_db, snr_db, 1.0) << snr_db;
  }
}

TEST(SnrEstimate, NeedsSound) {
  EXPECT_EQ(estimate_snr(AudioBuffer(1, 100, 8'000)).error().code, ErrorCode::kInvalidArgument);
  EXPECT_FALSE(estimate_snr(AudioView()));
  auto audio = gamma_speech(10, 1);
  audio.channel(0)[0] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_TRUE(estimate_snr(audio));
  EXPECT_TRUE(estimate_snr(sine(0.1, 0, 100, 8'000, 64)));
}

}  // namespace
}  // namespace syrinx::measure
