// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/vocoder/noise_source.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace syrinx::vocoder {
namespace {

std::vector<float> drawn(std::uint64_t seed, std::size_t n) {
  SeededNoise noise(seed);
  std::vector<float> values(n);
  EXPECT_TRUE(noise.draw(values));
  return values;
}

TEST(SeededNoise, IsStandardNormal) {
  constexpr std::size_t kCount = 400'000;
  auto values = drawn(5, kCount);
  double moments[5] = {};
  for (const float v : values)
    for (int k = 1; k < 5; ++k) moments[k] += std::pow(double{v}, k) / kCount;
  // Five standard errors of each moment's mean.
  EXPECT_NEAR(moments[1], 0, 5 / std::sqrt(double{kCount}));
  EXPECT_NEAR(moments[2], 1, 5 * std::sqrt(2.0 / kCount));
  EXPECT_NEAR(moments[3], 0, 5 * std::sqrt(15.0 / kCount));
  EXPECT_NEAR(moments[4], 3, 5 * std::sqrt(96.0 / kCount));
  std::sort(values.begin(), values.end());
  double worst = 0;  // Kolmogorov and Smirnov's distance; 1.95 / sqrt(n) at the 0.1 % level.
  for (std::size_t i = 0; i < kCount; ++i)
    worst = std::max(worst, std::abs(0.5 * std::erfc(-double{values[i]} / std::sqrt(2.0)) -
                                     static_cast<double>(i) / kCount));
  EXPECT_LT(worst, 1.95 / std::sqrt(double{kCount}));
}

TEST(SeededNoise, IsDecidedByTheSeedHoweverItIsDrawn) {
  const auto once = drawn(11, 101);
  SeededNoise parts(11);
  std::vector<float> values(101);
  for (std::size_t i = 0; i < values.size(); i += 3)
    ASSERT_TRUE(parts.draw(std::span(values).subspan(i, std::min<std::size_t>(3, 101 - i))));
  EXPECT_EQ(values, once);
  EXPECT_NE(drawn(12, 101), once);
}

TEST(SeededNoise, HasNoMemoryOfItsNeighbours) {
  const auto values = drawn(1, 200'000);
  for (const std::size_t lag : {1UL, 2UL, 3UL, 64UL}) {
    double sum = 0;
    for (std::size_t i = lag; i < values.size(); ++i)
      sum += double{values[i]} * double{values[i - lag]};
    EXPECT_LT(std::abs(sum / 200'000), 5 / std::sqrt(200'000.0)) << lag;
  }
}

TEST(ChannelNoise, GivesEveryDrawASequenceOfItsOwn) {
  ChannelNoise noise(3);
  std::vector<float> first(1'000), second(1'000), again(1'000);
  ASSERT_TRUE(noise.draw(first));
  ASSERT_TRUE(noise.draw(second));
  EXPECT_EQ(first, drawn(3, 1'000));
  SeededNoise channel = noise_channel(3, 1);
  for (float& value : again) value = channel.next();
  EXPECT_EQ(second, again);
  double sum = 0;
  for (std::size_t i = 0; i < first.size(); ++i) sum += double{first[i]} * double{second[i]};
  EXPECT_LT(std::abs(sum / 1'000), 5 / std::sqrt(1'000.0));
}

TEST(GivenNoise, HandsOutWhatItWasGivenAndSaysWhenItEnds) {
  auto noise = GivenNoise::create({1, 2, 3, 4, 5});
  ASSERT_TRUE(noise);
  std::vector<float> first(3);
  ASSERT_TRUE(noise->draw(first));
  EXPECT_EQ(first, (std::vector<float>{1, 2, 3}));
  const auto ended = noise->draw(first);
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().message,
            "the noise ends: 5 values were given, and the model wants 6 and perhaps more");
  EXPECT_FALSE(GivenNoise::create({1, std::numeric_limits<float>::quiet_NaN()}));
}

}  // namespace
}  // namespace syrinx::vocoder
