// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>

#include "syrinx/apps/server/work/task.h"

namespace syrinx::server::work {

// Worker threads that do the steps of tasks in the order of TaskQueue.
class Scheduler {
 public:
  // `waited` is told how long each first step was waited for, in seconds, by any worker; batches
  // are left out.
  explicit Scheduler(const WorkLimits& limits, std::function<void(double)> waited = {});
  // Drops tasks that have not begun, waits for steps that run.
  ~Scheduler();
  Scheduler(const Scheduler&) = delete;
  Scheduler& operator=(const Scheduler&) = delete;

  // Takes the task, or says why not.
  std::optional<Refusal> submit(std::shared_ptr<Task> task, const Owner& owner);
  // A task that returned kBlocked may go on; nothing if it was not blocked and is not about to be.
  void wake(const Task* task);

  // No new tasks from now on.
  void drain();
  // Waits until all tasks are done. False when time was up first.
  bool wait_idle(std::chrono::milliseconds most);

  std::size_t threads() const noexcept;
  WorkCounts counts() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace syrinx::server::work
