// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/conversion/streams/time_histogram.h"

#include <gtest/gtest.h>

namespace syrinx::conversion {
namespace {

TEST(TimeHistogram, KnowsItsQuantilesToATenth) {
  TimeHistogram times;
  EXPECT_EQ(times.quantile(0.5), 0.0);
  for (int i = 1; i <= 1'000; ++i) times.add(1e-5 * i);
  EXPECT_EQ(times.count(), 1'000u);
  EXPECT_NEAR(times.quantile(0.5), 5e-3, 5e-4);
  EXPECT_NEAR(times.quantile(0.99), 9.9e-3, 1e-3);
}

TEST(TimeHistogram, HoldsWhatIsOutOfItsRange) {
  TimeHistogram times;
  times.add(0.0);
  times.add(1e9);
  EXPECT_LT(times.quantile(0.5), 2e-6);
  EXPECT_GT(times.quantile(1.0), 10.0);
}

}  // namespace
}  // namespace syrinx::conversion
