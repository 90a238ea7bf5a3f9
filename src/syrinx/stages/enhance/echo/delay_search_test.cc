// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/enhance/echo/delay_search.h"

#include <gtest/gtest.h>

#include "syrinx/stages/enhance/echo/echo_scenes.h"

namespace syrinx::enhance {
namespace {

using scenes::Sound;

Sound noise(std::size_t samples, std::uint32_t seed) {
  Sound sound(samples);
  scenes::add_noise(sound, -26.0, seed);
  return sound;
}

TEST(DelaySearch, FindsALagToWithinASampleOfTheRateThatItWorksAt) {
  for (const int rate_hz : {8'000, 16'000, 44'100, 48'000}) {
    const Sound far = noise(static_cast<std::size_t>(2 * rate_hz), 1);
    for (const double lag_s : {0.0, 0.013, 0.29, 0.7}) {
      const auto lag = static_cast<std::size_t>(lag_s * rate_hz);
      auto search = DelaySearch::create(rate_hz, static_cast<std::size_t>(0.74 * rate_hz)).value();
      search.push(scenes::delayed(far, lag), far);
      ASSERT_TRUE(search.delay_samples().has_value()) << rate_hz << " " << lag_s;
      EXPECT_NEAR(*search.delay_samples(), static_cast<double>(lag), rate_hz / 3'900.0);
    }
  }
}

TEST(DelaySearch, FindsALoudspeakerThatIsWiredTheOtherWayRound) {
  const Sound far = noise(32'000, 1);
  Sound near = scenes::delayed(far, 1'000);
  for (float& sample : near) sample = -0.1F * sample;
  auto search = DelaySearch::create(16'000, 8'000).value();
  search.push(near, far);
  EXPECT_NEAR(search.delay_samples().value_or(0.0), 1'000.0, 4.0);
}

TEST(DelaySearch, FindsNothingBetweenStrangers) {
  auto search = DelaySearch::create(16'000, 10'000).value();
  search.push(noise(320'000, 1), noise(320'000, 2));
  EXPECT_FALSE(search.delay_samples().has_value());
}

TEST(DelaySearch, FindsNothingInSilence) {
  auto search = DelaySearch::create(16'000, 10'000).value();
  search.push(noise(64'000, 1), Sound(64'000));
  search.push(Sound(64'000), noise(64'000, 1));
  EXPECT_FALSE(search.delay_samples().has_value());
}

}  // namespace
}  // namespace syrinx::enhance
