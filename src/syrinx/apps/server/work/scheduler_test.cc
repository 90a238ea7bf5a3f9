// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/server/work/scheduler.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

namespace syrinx::server::work {
namespace {

using std::chrono::milliseconds;

// So many steps of so long, noted by whose they are.
class Steps final : public Task {
 public:
  Steps(int count, milliseconds each, std::function<void()> noted = {})
      : left_(count), each_(each), noted_(std::move(noted)) {}
  Next step() override {
    std::this_thread::sleep_for(each_);
    if (noted_) noted_();
    return --left_ > 0 ? Next::kAgain : Next::kDone;
  }
  void expired() override { ++expirations; }
  std::atomic<int> expirations{0};

 private:
  int left_;
  milliseconds each_;
  std::function<void()> noted_;
};

// Holds the only worker until it is let go.
class Gate final : public Task {
 public:
  Next step() override {
    running.set_value();
    open.get_future().wait();
    return Next::kDone;
  }
  void expired() override {}
  std::promise<void> running;
  std::promise<void> open;
};

WorkLimits one_thread() {
  WorkLimits limits;
  limits.threads = 1;
  limits.max_wait_s = 60;
  return limits;
}

TEST(Scheduler, AClientWithManyTasksDoesNotDelayOneWithFew) {
  Scheduler scheduler(one_thread());
  auto gate = std::make_shared<Gate>();
  ASSERT_FALSE(scheduler.submit(gate, {"gate"}));
  gate->running.get_future().wait();
  std::vector<std::string> order;
  const auto note = [&order](const char* who) { return [&order, who] { order.push_back(who); }; };
  for (int i = 0; i < 20; ++i) {
    ASSERT_FALSE(
        scheduler.submit(std::make_shared<Steps>(1, milliseconds(2), note("greedy")), {"greedy"}));
  }
  ASSERT_FALSE(
      scheduler.submit(std::make_shared<Steps>(2, milliseconds(2), note("modest")), {"modest"}));
  gate->open.set_value();
  ASSERT_TRUE(scheduler.wait_idle(milliseconds(5'000)));
  const auto last = std::find(order.rbegin(), order.rend(), "modest");
  EXPECT_LT(order.rend() - last, 8) << "the modest client was done after that many steps";
}

TEST(Scheduler, TimeIsSharedByWeight) {
  Scheduler scheduler(one_thread());
  std::mutex mutex;
  std::map<std::string, int> steps;
  std::atomic<bool> over{false};
  class Endless final : public Task {
   public:
    Endless(std::function<void()> noted, std::atomic<bool>& over)
        : noted_(std::move(noted)), over_(over) {}
    Next step() override {
      std::this_thread::sleep_for(milliseconds(1));
      noted_();
      return over_ ? Next::kDone : Next::kAgain;
    }
    void expired() override {}

   private:
    std::function<void()> noted_;
    std::atomic<bool>& over_;
  };
  for (const auto& [name, weight] : std::map<std::string, double>{{"a", 1}, {"b", 1}, {"c", 3}}) {
    const auto note = [&, who = name] {
      const std::lock_guard lock(mutex);
      if (!over) ++steps[who];
    };
    ASSERT_FALSE(scheduler.submit(std::make_shared<Endless>(note, over), {name, weight}));
  }
  std::this_thread::sleep_for(milliseconds(600));
  over = true;
  ASSERT_TRUE(scheduler.wait_idle(milliseconds(5'000)));
  EXPECT_NEAR(steps["a"], steps["b"], 0.25 * steps["b"]);
  EXPECT_NEAR(steps["c"], 3 * steps["a"], 0.35 * steps["c"]);
}

TEST(Scheduler, WhoComesBackAtOnceDoesNotPushOutWhoStays) {
  Scheduler scheduler(one_thread());
  std::atomic<int> stayed{0};
  ASSERT_FALSE(scheduler.submit(
      std::make_shared<Steps>(1'000'000, milliseconds(1), [&stayed] { ++stayed; }), {"stays"}));
  int came = 0;
  const auto until = std::chrono::steady_clock::now() + milliseconds(400);
  while (std::chrono::steady_clock::now() < until) {
    std::promise<void> done;
    ASSERT_FALSE(scheduler.submit(
        std::make_shared<Steps>(1, milliseconds(1), [&done] { done.set_value(); }), {"returns"}));
    done.get_future().wait();
    ++came;
  }
  EXPECT_GT(stayed, came / 2);
}

TEST(Scheduler, ThoseWhoComeNewAllTheTimeDoNotStarveWhoStays) {
  Scheduler scheduler(one_thread());
  std::atomic<int> stayed{0};
  ASSERT_FALSE(scheduler.submit(
      std::make_shared<Steps>(1'000'000, milliseconds(1), [&stayed] { ++stayed; }), {"stays"}));
  const auto gap = [&](int i) {
    (void)scheduler.submit(std::make_shared<Steps>(1, milliseconds(1)),
                           {"new " + std::to_string(i)});
  };
  int came = 0;
  const auto until = std::chrono::steady_clock::now() + milliseconds(400);
  for (; std::chrono::steady_clock::now() < until; ++came) {
    gap(came);
    while (scheduler.counts().waiting > 2) std::this_thread::yield();
  }
  EXPECT_GT(stayed, came / 10);
}

TEST(Scheduler, ABlockedTaskTakesNoWorkerUntilItIsWoken) {
  class Blocks final : public Task {
   public:
    Next step() override {
      ++steps;
      return steps < 3 ? Next::kBlocked : Next::kDone;
    }
    void expired() override {}
    std::atomic<int> steps{0};
  };
  Scheduler scheduler(one_thread());
  auto task = std::make_shared<Blocks>();
  ASSERT_FALSE(scheduler.submit(task, {"a"}));
  std::this_thread::sleep_for(milliseconds(50));
  EXPECT_EQ(task->steps, 1);
  EXPECT_FALSE(scheduler.wait_idle(milliseconds(1)));
  scheduler.wake(task.get());
  std::this_thread::sleep_for(milliseconds(50));
  EXPECT_EQ(task->steps, 2);
  scheduler.wake(task.get());
  EXPECT_TRUE(scheduler.wait_idle(milliseconds(1'000)));
  scheduler.wake(task.get());  // Of one that is done: nothing.
}

TEST(Scheduler, ATaskThatIsWokenWhileItRunsGoesOn) {
  class WakesItself final : public Task {
   public:
    explicit WakesItself(Scheduler*& scheduler) : scheduler_(scheduler) {}
    Next step() override {
      scheduler_->wake(this);
      return ++steps < 50 ? Next::kBlocked : Next::kDone;
    }
    void expired() override {}
    std::atomic<int> steps{0};

   private:
    Scheduler*& scheduler_;
  };
  Scheduler scheduler(one_thread());
  Scheduler* known = &scheduler;
  auto task = std::make_shared<WakesItself>(known);
  ASSERT_FALSE(scheduler.submit(task, {"a"}));
  EXPECT_TRUE(scheduler.wait_idle(milliseconds(2'000)));
  EXPECT_EQ(task->steps, 50);
}

TEST(Scheduler, RefusesMoreThanItTakesAndSaysWhen) {
  auto limits = one_thread();
  limits.max_tasks = 3;
  limits.max_tasks_per_client = 2;
  Scheduler scheduler(limits);
  auto gate = std::make_shared<Gate>();
  ASSERT_FALSE(scheduler.submit(gate, {"a"}));
  const auto one = [] { return std::make_shared<Steps>(1, milliseconds(0)); };
  EXPECT_FALSE(scheduler.submit(one(), {"a"}));
  const auto own = scheduler.submit(one(), {"a"});
  ASSERT_TRUE(own);
  EXPECT_EQ(own->reason, RefusalReason::kClientFull);
  EXPECT_GE(own->retry_after_s, 1);
  EXPECT_FALSE(scheduler.submit(one(), {"b"}));
  EXPECT_EQ(scheduler.submit(one(), {"c"})->reason, RefusalReason::kQueueFull);
  gate->open.set_value();
  EXPECT_TRUE(scheduler.wait_idle(milliseconds(2'000)));
  scheduler.drain();
  EXPECT_EQ(scheduler.submit(one(), {"a"})->reason, RefusalReason::kDraining);
}

TEST(Scheduler, RefusesWhoWouldWaitTooLong) {
  auto limits = one_thread();
  limits.max_wait_s = 0.2;
  Scheduler scheduler(limits);
  int refused = 0;
  for (int i = 0; i < 100; ++i) {
    const auto refusal = scheduler.submit(std::make_shared<Steps>(1, milliseconds(20)), {"a"});
    if (!refusal) continue;
    EXPECT_EQ(refusal->reason, RefusalReason::kTooLong);
    ++refused;
  }
  EXPECT_GT(refused, 50);
  EXPECT_TRUE(scheduler.wait_idle(milliseconds(20'000)));
}

TEST(Scheduler, AStepThatTakesTooLongIsCounted) {
  auto limits = one_thread();
  limits.stall_s = 0.02;
  Scheduler scheduler(limits);
  auto gate = std::make_shared<Gate>();
  ASSERT_FALSE(scheduler.submit(gate, {"a"}));
  std::this_thread::sleep_for(milliseconds(60));
  EXPECT_EQ(scheduler.counts().stalled, 1U);
  gate->open.set_value();
  EXPECT_TRUE(scheduler.wait_idle(milliseconds(2'000)));
  EXPECT_EQ(scheduler.counts().stalled, 0U);
}

TEST(Scheduler, ManyThreadsMayUseItAtOnce) {
  WorkLimits limits;
  limits.threads = 4;
  limits.max_tasks = 100'000;
  limits.max_tasks_per_client = 100'000;
  limits.max_wait_s = 1e6;  // A busy machine refuses nobody.
  Scheduler scheduler(limits);
  std::atomic<int> steps{0};
  std::vector<std::thread> clients;
  for (int c = 0; c < 4; ++c) {
    clients.emplace_back([&, c] {
      for (int i = 0; i < 500; ++i) {
        auto task = std::make_shared<Steps>(3, milliseconds(0), [&steps] { ++steps; });
        EXPECT_FALSE(scheduler.submit(task, {"client " + std::to_string(c % 3)}));
        scheduler.wake(task.get());
      }
    });
  }
  for (auto& client : clients) client.join();
  EXPECT_TRUE(scheduler.wait_idle(milliseconds(20'000)));
  EXPECT_EQ(steps, 4 * 500 * 3);
}

}  // namespace
}  // namespace syrinx::server::work
