// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/call/port/voicing.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace syrinx::call {
namespace {

// How many of 100 hops are voiced.
template <class Sound>
int voiced(int rate_hz, Sound sound) {
  Voicing voicing(rate_hz);
  std::vector<float> hop(static_cast<std::size_t>(rate_hz / 100));
  int count = 0;
  for (std::size_t at = 0; at < 100 * hop.size(); at += hop.size()) {
    for (std::size_t i = 0; i < hop.size(); ++i) hop[i] = sound(at + i);
    count += voicing.take(hop) ? 1 : 0;
  }
  return count;
}

TEST(Voicing, AVoiceIsVoicedAtAnyRateAndNoiseClicksAndSilenceAreNot) {
  for (const int rate_hz : {8'000, 11'000, 16'000, 24'000, 44'100, 48'000}) {
    for (const double pitch_hz : {80.0, 150.0, 380.0}) {
      const auto voice = [&](std::size_t n) {
        double sum = 0.0;
        for (int k = 1; k <= 8; ++k)
          sum += std::sin(6.283185307179586 * k * pitch_hz * static_cast<double>(n) / rate_hz) / k;
        return static_cast<float>(0.1 * sum);
      };
      EXPECT_GT(voiced(rate_hz, voice), 90) << rate_hz << " " << pitch_hz;
    }
    std::minstd_rand random(5);
    std::normal_distribution<float> normal(0.0F, 0.1F);
    EXPECT_LE(voiced(rate_hz, [&](std::size_t) { return normal(random); }), 2) << rate_hz;
    const auto period = static_cast<std::size_t>(rate_hz / 4);
    EXPECT_LE(voiced(rate_hz, [&](std::size_t n) { return n % period < 20 ? 0.5F : 0.0F; }), 2)
        << rate_hz;
    EXPECT_EQ(voiced(rate_hz, [](std::size_t) { return 0.0F; }), 0);
  }
}

}  // namespace
}  // namespace syrinx::call
