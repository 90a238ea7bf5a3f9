// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/io/quantise.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>
#include <vector>

namespace syrinx::io {
namespace {

TEST(Quantise, Int16RoundsToTheNearestStepAndSaturates) {
  const float step = 1.0f / 32'768.0f;
  const std::array<float, 8> in{0.0f, step,  1.4f * step, -1.6f * step, 32767.0f * step,
                                1.0f, -1.0f, 1e30f};
  std::array<std::int16_t, 8> out{};
  quantise_int16(in, out, nullptr);
  EXPECT_EQ(out, (std::array<std::int16_t, 8>{0, 1, 1, -2, 32'767, 32'767, -32'768, 32'767}));
}

TEST(Quantise, NotANumberIsZeroAndInfinitySaturates) {
  const std::array<float, 3> in{std::nanf(""), INFINITY, -INFINITY};
  std::array<std::int16_t, 3> shorts{};
  quantise_int16(in, shorts, nullptr);
  EXPECT_EQ(shorts, (std::array<std::int16_t, 3>{0, 32'767, -32'768}));
  std::array<std::int32_t, 3> ints{};
  quantise_int32(in, ints, 32, nullptr);
  EXPECT_EQ(ints, (std::array<std::int32_t, 3>{0, std::numeric_limits<std::int32_t>::max(),
                                               std::numeric_limits<std::int32_t>::min()}));
}

TEST(Quantise, TwentyFourBitsStandInTheUpperBitsOfThirtyTwo) {
  const std::array<float, 3> in{1.0f / 8'388'608.0f, -1.0f, 1.0f};
  std::array<std::int32_t, 3> out{};
  quantise_int32(in, out, 24, nullptr);
  EXPECT_EQ(out, (std::array<std::int32_t, 3>{256, std::numeric_limits<std::int32_t>::min(),
                                              8'388'607 * 256}));
}

TEST(Quantise, DitherKeepsTheMeanOfWhatIsSmallerThanAStep) {
  // A quarter of a step vanishes when rounded, and survives as the mean of dithered samples. The
  // mean of 100,000 samples of variance 1/4 + 1/6 steps is good to 4 sigma = 0.008 steps.
  const std::vector<float> quiet(100'000, 0.25f / 32'768.0f);
  std::vector<std::int16_t> out(quiet.size());
  TriangularNoise noise;
  quantise_int16(quiet, out, &noise);
  double sum = 0.0;
  for (const std::int16_t value : out) {
    EXPECT_LE(std::abs(value), 2);
    sum += value;
  }
  EXPECT_NEAR(sum / static_cast<double>(out.size()), 0.25, 0.01);
}

TEST(Quantise, DitherIsTheSameInEveryRun) {
  TriangularNoise a;
  TriangularNoise b;
  for (int i = 0; i < 100; ++i) EXPECT_EQ(a.next(), b.next());
}

}  // namespace
}  // namespace syrinx::io
