// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/base/thread_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <vector>

#include "syrinx/core/base/clock.h"

namespace syrinx {
namespace {

TEST(ThreadPool, RunsEveryTaskBeforeWaitIdleReturns) {
  ThreadPool pool(3);
  std::atomic<int> ran{0};
  for (int i = 0; i < 1000; ++i) pool.submit([&] { ++ran; });
  pool.wait_idle();
  EXPECT_EQ(ran, 1000);
}

TEST(ThreadPool, FinishesWhatWasHandedInWhenDestroyed) {
  std::atomic<int> ran{0};
  {
    ThreadPool pool(1);
    for (int i = 0; i < 50; ++i) pool.submit([&] { ++ran; });
  }
  EXPECT_EQ(ran, 50);
}

TEST(ThreadPool, ParallelForVisitsEachIndexOnce) {
  ThreadPool pool(4);
  for (const std::size_t count : {0u, 1u, 3u, 1000u}) {
    std::vector<std::atomic<int>> visits(count);
    pool.parallel_for(count, [&](std::size_t i) { ++visits[i]; });
    for (const auto& visit : visits) EXPECT_EQ(visit, 1);
  }
}

TEST(ThreadPool, ParallelForInsideATaskDoesNotStarve) {
  ThreadPool pool(1);
  std::atomic<int> inner{0};
  pool.submit([&] { pool.parallel_for(10, [&](std::size_t) { ++inner; }); });
  pool.wait_idle();
  EXPECT_EQ(inner, 10);
}

TEST(ThreadPool, DefaultsToOneThreadPerUsableProcessor) { EXPECT_GE(ThreadPool().threads(), 1u); }

TEST(ManualClock, MovesOnlyWhenTold) {
  ManualClock clock;
  EXPECT_EQ(clock.now().count(), 0);
  clock.advance(std::chrono::milliseconds(20));
  EXPECT_EQ(clock.now(), std::chrono::milliseconds(20));
}

// A helper that wakes on its caller's processor moves away, and may come back.
TEST(ThreadPool, HelpersMayRunWhereTheyMightBefore) {
  const std::size_t before = usable_processors();
  ThreadPool pool(2);
  std::atomic<int> other{0};
  for (int round = 0; round < 200; ++round)
    pool.parallel_for(3, [&](std::size_t) {
      if (usable_processors() != before) ++other;
    });
  EXPECT_EQ(other.load(), 0);
}

}  // namespace
}  // namespace syrinx
