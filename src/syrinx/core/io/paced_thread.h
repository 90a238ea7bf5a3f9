// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <pthread.h>
#include <sched.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <stop_token>
#include <thread>
#include <utility>

#include "syrinx/core/base/realtime.h"

namespace syrinx::io {

// Does a piece of work each period, in a RealtimeScope, on a thread of its own, keeping pace with
// the clock and not with its own sleeps, at a real-time priority where the system gives one, as the
// threads of devices have. One controlling thread.
class PacedThread {
 public:
  // `slack_s`: how much sound the device that this stands for holds: woken later than that, it has
  // let it run dry.
  explicit PacedThread(double period_s, double slack_s = 0.02)
      : period_s_(period_s), slack_s_(slack_s) {}

  void start(std::function<void()> work) {
    thread_ = std::jthread(
        [this, work = std::move(work)](const std::stop_token& stop) { run(stop, work); });
  }
  void stop() { thread_ = std::jthread(); }                           // Asks to stop and joins.
  std::uint64_t ran_dry() const noexcept { return ran_dry_.load(); }  // So often. Any thread.

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr int kPriority = 25;

  void run(const std::stop_token& stop, const std::function<void()>& work) {
    sched_param priority{};
    priority.sched_priority = kPriority;
    ::pthread_setschedparam(::pthread_self(), SCHED_FIFO, &priority);  // Refused: goes on without.
    const auto start = Clock::now();
    const auto slack =
        std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(slack_s_));
    bool is_dry = false;
    for (double blocks = 1.0; !stop.stop_requested(); ++blocks) {
      {
        const RealtimeScope scope;
        work();
      }
      const auto due = start + std::chrono::duration_cast<Clock::duration>(
                                   std::chrono::duration<double>(blocks * period_s_));
      std::this_thread::sleep_until(due);
      const bool was_dry = std::exchange(is_dry, Clock::now() > due + slack);
      if (is_dry && !was_dry) ran_dry_.fetch_add(1, std::memory_order_relaxed);
    }
  }

  double period_s_;
  double slack_s_;
  std::atomic<std::uint64_t> ran_dry_{0};
  std::jthread thread_;  // Last: joined before what it uses goes.
};

}  // namespace syrinx::io
