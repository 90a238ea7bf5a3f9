// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <pthread.h>
#include <sched.h>

#include <chrono>
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
  explicit PacedThread(double period_s) : period_s_(period_s) {}

  void start(std::function<void()> work) {
    thread_ = std::jthread(
        [this, work = std::move(work)](const std::stop_token& stop) { run(stop, work); });
  }
  void stop() { thread_ = std::jthread(); }  // Asks to stop and joins.

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr int kPriority = 25;

  void run(const std::stop_token& stop, const std::function<void()>& work) const {
    sched_param priority{};
    priority.sched_priority = kPriority;
    ::pthread_setschedparam(::pthread_self(), SCHED_FIFO, &priority);  // Refused: goes on without.
    const auto start = Clock::now();
    for (double blocks = 1.0; !stop.stop_requested(); ++blocks) {
      {
        const RealtimeScope scope;
        work();
      }
      const auto due = std::chrono::duration<double>(blocks * period_s_);
      std::this_thread::sleep_until(start + std::chrono::duration_cast<Clock::duration>(due));
    }
  }

  double period_s_;
  std::jthread thread_;  // Last: joined before what it uses goes.
};

}  // namespace syrinx::io
