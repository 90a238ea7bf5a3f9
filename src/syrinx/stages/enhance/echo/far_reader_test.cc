// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/enhance/echo/far_reader.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace syrinx::enhance {
namespace {

constexpr std::size_t kBlock = 128;

std::vector<float> sine(std::size_t from) {
  std::vector<float> block(kBlock);
  for (std::size_t i = 0; i < kBlock; ++i)
    block[i] = static_cast<float>(std::sin(0.3 * static_cast<double>(from + i)));
  return block;
}

TEST(FarReader, GivesTheSamplesAsTheyAreAtOneClock) {
  FarReader reader(kBlock);
  std::vector<float> out(kBlock);
  for (std::size_t t = 0; t < 9; ++t) {
    const auto block = sine(t * kBlock);
    reader.push(block);
    reader.read(1.0, out);
    EXPECT_EQ(out, block);
  }
  EXPECT_EQ(reader.lag_samples(), 0.0);
}

TEST(FarReader, ReadsASineFasterToWithinMinus60Db) {
  FarReader reader(kBlock);
  reader.move_lag(2);
  std::vector<float> out(kBlock);
  constexpr double kRatio = 1.0005;
  double wanted_at = -2.0 * kBlock;
  double worst = 0.0;
  for (std::size_t t = 0; t < 500; ++t) {
    reader.push(sine(t * kBlock));
    reader.read(kRatio, out);
    for (std::size_t i = 0; i < kBlock; ++i, wanted_at += kRatio)
      if (t > 4) worst = std::max(worst, std::abs(double{out[i]} - std::sin(0.3 * wanted_at)));
  }
  EXPECT_LT(worst, 1e-3);
  EXPECT_NEAR(reader.lag_samples(), 2.0 * kBlock - 500.0 * kBlock * 0.0005, 1e-6);
}

}  // namespace
}  // namespace syrinx::enhance
