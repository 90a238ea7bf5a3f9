// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/conversion/live/load_governor.h"

#include <gtest/gtest.h>

#include <vector>

namespace syrinx::conversion {
namespace {

constexpr double kBlockS = 0.01;

// Blocks of that load for that long; the level at the end.
LiveLevel after(LoadGovernor& governor, double seconds, double load) {
  for (double t = 0.0; t < seconds; t += kBlockS) governor.after_block(kBlockS, load * kBlockS);
  return governor.level();
}

TEST(LoadGovernor, StaysWhereItIsUnderABearableLoad) {
  LoadGovernor governor(LiveLevel::kHigh, {});
  EXPECT_EQ(after(governor, 60.0, 0.7), LiveLevel::kHigh);
  EXPECT_NEAR(governor.load(), 0.7, 0.01);
}

TEST(LoadGovernor, OneLateBlockChangesNothing) {
  LoadGovernor governor(LiveLevel::kHigh, {});
  after(governor, 1.0, 0.3);
  governor.after_block(kBlockS, 5.0 * kBlockS);
  EXPECT_EQ(after(governor, 1.0, 0.3), LiveLevel::kHigh);
}

TEST(LoadGovernor, StepsDownLevelByLevelAndAtLastPassesThrough) {
  LoadGovernor governor(LiveLevel::kHigh, {});
  std::vector<LiveLevel> levels = {governor.level()};
  for (double t = 0.0; t < 10.0; t += kBlockS) {
    const LiveLevel level = governor.after_block(kBlockS, 1.2 * kBlockS);
    if (level != levels.back()) levels.push_back(level);
  }
  EXPECT_EQ(levels, (std::vector<LiveLevel>{LiveLevel::kHigh, LiveLevel::kBalanced, LiveLevel::kLow,
                                            LiveLevel::kPassThrough}));
}

TEST(LoadGovernor, StepsUpAgainAfterACalmTimeButNeverAboveItsBest) {
  LoadGovernor governor(LiveLevel::kBalanced, {});
  after(governor, 10.0, 2.0);
  ASSERT_EQ(governor.level(), LiveLevel::kPassThrough);
  EXPECT_EQ(after(governor, 4.0, 0.01), LiveLevel::kPassThrough);
  EXPECT_EQ(after(governor, 30.0, 0.1), LiveLevel::kBalanced);
}

TEST(LoadGovernor, WaitsLongerAfterEachStepUpThatDidNotLast) {
  LoadGovernor governor(LiveLevel::kHigh, {});
  after(governor, 1.0, 1.5);
  int tries = 0;
  for (double t = 0.0; t < 120.0; t += kBlockS) {
    const LiveLevel before = governor.level();
    const double load = before == LiveLevel::kHigh ? 1.5 : 0.2;
    if (governor.after_block(kBlockS, load * kBlockS) < before) ++tries;
  }
  EXPECT_GE(tries, 2);
  EXPECT_LE(tries, 5) << "5 s, 10 s, 20 s, 40 s between them";
}

}  // namespace
}  // namespace syrinx::conversion
