// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/base/realtime.h"

#include <gtest/gtest.h>

#include <limits>
#include <mutex>
#include <vector>

#include "support/realtime_guard.h"

namespace syrinx {
namespace {

TEST(RealtimeScope, IsSeenByItsThreadAndNests) {
  EXPECT_FALSE(in_realtime_scope());
  {
    const RealtimeScope outer;
    {
      const RealtimeScope inner;
      EXPECT_TRUE(in_realtime_scope());
    }
    EXPECT_TRUE(in_realtime_scope());
  }
  EXPECT_FALSE(in_realtime_scope());
}

TEST(RealtimeScope, FlushesDenormalsAndPutsTheModeBack) {
  volatile float tiny = std::numeric_limits<float>::min();
  float inside = 1.0f;
  {
    const RealtimeScope scope;
    inside = tiny * 0.5f;
  }
  EXPECT_EQ(inside, 0.0f);
  EXPECT_GT(tiny * 0.5f, 0.0f);
}

TEST(RealtimeGuard, CountsAnAllocationMadeInRealTime) {
  if (!support::guard_counts()) GTEST_SKIP() << "built without a counting guard";
  const auto before = support::realtime_violations();
  {
    const RealtimeScope scope;
    std::vector<int> grown(100);
    volatile int keep = grown[50];
    (void)keep;
  }
  EXPECT_GT(support::realtime_violations(), before);
}

TEST(RealtimeGuard, CountsALockTakenInRealTime) {
  if (!support::guard_counts()) GTEST_SKIP() << "built without a counting guard";
  std::mutex mutex;
  const auto before = support::realtime_violations();
  {
    const RealtimeScope scope;
    const std::lock_guard lock(mutex);
  }
  EXPECT_GT(support::realtime_violations(), before);
}

TEST(RealtimeGuard, IgnoresAllocationsOutsideRealTime) {
  const auto before = support::realtime_violations();
  std::vector<int> grown(100);
  EXPECT_EQ(grown.size(), 100u);
  EXPECT_EQ(support::realtime_violations(), before);
}

}  // namespace
}  // namespace syrinx
