// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/server/work/task_queue.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <vector>

namespace syrinx::server::work {
namespace {

using std::chrono::milliseconds;

class Named final : public Task {
 public:
  explicit Named(std::string who) : name(std::move(who)) {}
  Next step() override { return Next::kAgain; }
  void expired() override {}
  const std::string name;
};

// One worker or several, and a clock that stands still but for the steps.
class Queue : public ::testing::Test {
 protected:
  static WorkLimits limits(std::size_t threads) {
    WorkLimits limits;
    limits.threads = threads;
    limits.max_wait_s = 60;
    return limits;
  }
  std::shared_ptr<Named> add(const std::string& client, Priority priority, double weight = 1) {
    auto task = std::make_shared<Named>(client);
    EXPECT_FALSE(queue_.submit(task, {client, weight, priority}, now_));
    return task;
  }
  // Does so many steps one after the other, each of which takes `each`; who had them.
  std::vector<std::string> serve(int steps, milliseconds each) {
    std::vector<std::string> served;
    for (int i = 0; i < steps; ++i) {
      const auto step = queue_.start(now_);
      if (!step) break;
      served.push_back(static_cast<const Named&>(*step->entry->task).name);
      now_ += each;
      queue_.finish(*step->entry, Task::Next::kAgain, now_);
    }
    return served;
  }
  static auto count(const std::vector<std::string>& served, const std::string& who) {
    return std::count(served.begin(), served.end(), who);
  }

  TaskQueue queue_{limits(1)};
  TaskQueue::TimePoint now_{};
};

TEST_F(Queue, TheHigherClassGoesFirst) {
  add("batch", Priority::kBatch);
  add("normal", Priority::kNormal);
  add("talks", Priority::kInteractive);
  EXPECT_EQ(serve(3, milliseconds(1)), (std::vector<std::string>{"talks", "talks", "talks"}));
}

TEST_F(Queue, ALowerClassGetsAStepEachTimeItsPatienceEnds) {
  add("batch", Priority::kBatch);
  add("talks", Priority::kInteractive);
  const auto served = serve(1'000, milliseconds(100));  // 100 s.
  EXPECT_NEAR(static_cast<double>(count(served, "batch")), 100.0 / 2.1, 4);
  // And never waits much longer than that.
  std::size_t longest = 0, since = 0;
  for (const auto& who : served) {
    since = who == "batch" ? 0 : since + 1;
    longest = std::max(longest, since);
  }
  EXPECT_LE(longest, 22U);
}

TEST_F(Queue, NobodyStarvesWhileAllClassesAreFull) {
  for (int i = 0; i < 3; ++i) {
    add("talks " + std::to_string(i), Priority::kInteractive);
    add("normal " + std::to_string(i), Priority::kNormal);
    add("batch " + std::to_string(i), Priority::kBatch);
  }
  const auto served = serve(3'000, milliseconds(50));  // 150 s.
  std::map<std::string, int> steps;
  for (const auto& who : served) ++steps[who];
  EXPECT_EQ(steps.size(), 9U);
  for (int i = 0; i < 3; ++i) {
    const std::string number = std::to_string(i);
    EXPECT_GT(steps["batch " + number], 15) << "of 150 s, one step in 2 s between three";
    EXPECT_GT(steps["normal " + number], 60) << "one step in 0.5 s between three";
    EXPECT_GT(steps["talks " + number], steps["normal " + number]);
  }
}

TEST_F(Queue, WithinAClassTimeIsSharedByWeight) {
  add("one", Priority::kBatch, 1);
  add("three", Priority::kBatch, 3);
  const auto served = serve(400, milliseconds(10));
  EXPECT_NEAR(static_cast<double>(count(served, "three")), 300, 4);
}

TEST_F(Queue, AClassAloneHasEverything) {
  add("batch", Priority::kBatch);
  EXPECT_EQ(serve(100, milliseconds(100)).size(), 100U);
}

TEST_F(Queue, BatchesLeaveAWorkerFreeWhereThereAreSeveral) {
  TaskQueue queue(limits(3));
  for (int i = 0; i < 4; ++i)
    ASSERT_FALSE(queue.submit(std::make_shared<Named>("batch"), {"a", 1, Priority::kBatch}, now_));
  const auto first = queue.start(now_);
  ASSERT_TRUE(first);
  ASSERT_TRUE(queue.start(now_));
  EXPECT_FALSE(queue.has_ready());
  EXPECT_FALSE(queue.start(now_)) << "the third worker is for those who wait";
  ASSERT_FALSE(queue.submit(std::make_shared<Named>("live"), {"b"}, now_));
  EXPECT_TRUE(queue.start(now_));
  queue.finish(*first->entry, Task::Next::kDone, now_);
  EXPECT_TRUE(queue.has_ready());
}

TEST_F(Queue, ABatchIsNeitherRefusedForWaitingNorGivenUp) {
  WorkLimits few = limits(1);
  few.max_wait_s = 0.1;
  TaskQueue queue(few);
  for (int i = 0; i < 50; ++i)
    ASSERT_FALSE(queue.submit(std::make_shared<Named>("batch"), {"a", 1, Priority::kBatch}, now_));
  EXPECT_EQ(queue.counts(now_).waiting, 0U) << "batches make no request wait";
  EXPECT_FALSE(queue.submit(std::make_shared<Named>("live"), {"b"}, now_));
  const auto live = queue.start(now_);
  queue.finish(*live->entry, Task::Next::kDone, now_);
  now_ += std::chrono::hours(5);
  const auto step = queue.start(now_);
  ASSERT_TRUE(step);
  EXPECT_FALSE(step->late);
}

TEST_F(Queue, WorkThatWasAcceptedBeforeIsNoRequest) {
  WorkLimits few = limits(1);
  few.max_tasks = 1;
  TaskQueue queue(few);
  Owner own{"job", 1, Priority::kBatch, true};
  for (int i = 0; i < 5; ++i) ASSERT_FALSE(queue.submit(std::make_shared<Named>("job"), own, now_));
  EXPECT_EQ(queue.counts(now_).tasks, 0U);
  EXPECT_EQ(queue.counts(now_).batch, 5U);
  EXPECT_FALSE(queue.submit(std::make_shared<Named>("live"), {"b"}, now_));
  EXPECT_EQ(queue.submit(std::make_shared<Named>("live"), {"b"}, now_)->reason,
            RefusalReason::kQueueFull);
  queue.drain();
  EXPECT_EQ(queue.submit(std::make_shared<Named>("job"), own, now_)->reason,
            RefusalReason::kDraining);
}

}  // namespace
}  // namespace syrinx::server::work
