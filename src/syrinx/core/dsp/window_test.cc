// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/dsp/window.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace syrinx::dsp {
namespace {

TEST(Window, SymmetricOnesReadTheSameFromBothEnds) {
  for (const auto shape : {WindowShape::kHann, WindowShape::kSqrtHann, WindowShape::kHamming,
                           WindowShape::kBlackman, WindowShape::kKaiser}) {
    const auto window = make_window(shape, 33, WindowSymmetry::kSymmetric);
    EXPECT_NEAR(window[16], 1.0f, 1e-6f);
    for (std::size_t n = 0; n < 33; ++n) EXPECT_NEAR(window[n], window[32 - n], 1e-6f);
  }
}

TEST(Window, PeriodicOnesAreSymmetricOnesOfOneMoreWithoutTheLast) {
  for (const auto shape : {WindowShape::kHann, WindowShape::kBlackman, WindowShape::kKaiser}) {
    const auto periodic = make_window(shape, 400);
    const auto symmetric = make_window(shape, 401, WindowSymmetry::kSymmetric);
    EXPECT_TRUE(std::equal(periodic.begin(), periodic.end(), symmetric.begin()));
  }
}

TEST(Window, HannAtHalfOverlapAddsUpToOne) {
  const auto window = make_window(WindowShape::kHann, 320);
  const auto root = make_window(WindowShape::kSqrtHann, 320);
  for (std::size_t n = 0; n < 160; ++n) {
    EXPECT_NEAR(window[n] + window[n + 160], 1.0f, 1e-6f);
    EXPECT_NEAR(root[n] * root[n] + root[n + 160] * root[n + 160], 1.0f, 1e-6f);
  }
}

// Closed forms at a quarter of the window; Abramowitz and Stegun, table 9.8, for the Bessel
// function.
TEST(Window, HasTheValuesOfTheLiterature) {
  EXPECT_NEAR(make_window(WindowShape::kHamming, 5, WindowSymmetry::kSymmetric)[1], 0.54, 1e-6);
  EXPECT_NEAR(make_window(WindowShape::kBlackman, 5, WindowSymmetry::kSymmetric)[1], 0.34, 1e-6);
  EXPECT_NEAR(make_window(WindowShape::kHamming, 5, WindowSymmetry::kSymmetric)[0], 0.08, 1e-6);
  EXPECT_NEAR(bessel_i0(1.0), 1.2660658777520084, 1e-14);
  EXPECT_NEAR(bessel_i0(10.0), 2815.716628466254, 1e-9);
}

TEST(Window, OfOneSampleIsOneAndOfNoneIsEmpty) {
  EXPECT_EQ(make_window(WindowShape::kHann, 1), std::vector<float>{1.0f});
  EXPECT_TRUE(make_window(WindowShape::kHann, 0).empty());
}

}  // namespace
}  // namespace syrinx::dsp
