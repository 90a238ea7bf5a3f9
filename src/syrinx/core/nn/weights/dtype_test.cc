// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/nn/weights/dtype.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace syrinx::nn {
namespace {

// Every half is exactly a float, so going there and back must change nothing.
TEST(DType, EveryHalfAndBfloat16SurvivesTheWayThroughFloat) {
  for (std::uint32_t bits = 0; bits < 0x10000; ++bits) {
    const auto value = static_cast<std::uint16_t>(bits);
    const float half = half_to_float(value), bfloat = bfloat16_to_float(value);
    if (!std::isnan(half)) {
      EXPECT_EQ(float_to_half(half), value) << bits;
    }
    if (!std::isnan(bfloat)) {
      EXPECT_EQ(float_to_bfloat16(bfloat), value) << bits;
    }
  }
}

TEST(DType, HalvesHaveTheValuesOfTheStandard) {
  EXPECT_EQ(half_to_float(0x3C00), 1.0F);
  EXPECT_EQ(half_to_float(0xC000), -2.0F);
  EXPECT_EQ(half_to_float(0x7BFF), 65504.0F);
  EXPECT_EQ(half_to_float(0x0001), 0x1p-24F);
  EXPECT_TRUE(std::isinf(half_to_float(0x7C00)));
  EXPECT_TRUE(std::isnan(half_to_float(0x7C01)));
}

TEST(DType, RoundingIsToTheNearestAndTiesToEven) {
  EXPECT_EQ(float_to_half(1.0F + 0x1p-11F), 0x3C00);             // A tie: to even.
  EXPECT_EQ(float_to_half(1.0F + 3 * 0x1p-11F), 0x3C02);         // A tie: to even.
  EXPECT_EQ(float_to_half(1.0F + 0x1p-11F + 0x1p-20F), 0x3C01);  // Above the tie.
  EXPECT_EQ(float_to_half(0x1p-25F), 0x0000);                    // A tie with zero.
  EXPECT_EQ(float_to_half(0x1.8p-25F), 0x0001);
  EXPECT_EQ(float_to_half(65519.0F), 0x7BFF);
  EXPECT_EQ(float_to_half(65520.0F), 0x7C00);
  EXPECT_EQ(float_to_half(-1e9F), 0xFC00);
  EXPECT_EQ(float_to_bfloat16(1.0F + 0x1p-8F), 0x3F80);
  EXPECT_EQ(float_to_bfloat16(1.0F + 3 * 0x1p-8F), 0x3F82);
  const float nan = std::numeric_limits<float>::quiet_NaN();
  EXPECT_TRUE(std::isnan(half_to_float(float_to_half(nan))));
  EXPECT_TRUE(std::isnan(bfloat16_to_float(float_to_bfloat16(nan))));
}

}  // namespace
}  // namespace syrinx::nn
