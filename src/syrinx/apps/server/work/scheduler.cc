// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/server/work/scheduler.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "syrinx/apps/server/work/task_queue.h"
#include "syrinx/core/base/thread_pool.h"

namespace syrinx::server::work {
namespace {

using SteadyClock = std::chrono::steady_clock;

double seconds_between(SteadyClock::time_point from, SteadyClock::time_point to) {
  return std::chrono::duration<double>(to - from).count();
}

WorkLimits with_threads(WorkLimits limits) {
  if (limits.threads == 0) limits.threads = usable_processors();
  return limits;
}

}  // namespace

struct Scheduler::Impl {
  struct Worker {
    bool busy = false;
    SteadyClock::time_point since;
  };

  Impl(const WorkLimits& given, std::function<void(double)> told)
      : limits(with_threads(given)), waited(std::move(told)), queue(limits) {
    workers.resize(limits.threads);
    for (std::size_t i = 0; i < limits.threads; ++i) threads.emplace_back([this, i] { work(i); });
  }

  void work(std::size_t index) {
    std::unique_lock lock(mutex);
    while (true) {
      has_ready.wait(lock, [this] { return stopping || queue.has_ready(); });
      if (stopping) return;
      if (const auto step = queue.start(SteadyClock::now())) run(*step, index, lock);
    }
  }

  // One step, without the lock.
  void run(const TaskQueue::Step& step, std::size_t index, std::unique_lock<std::mutex>& lock) {
    const std::shared_ptr<Task> task = step.entry->task;
    workers[index] = {true, SteadyClock::now()};
    lock.unlock();
    Task::Next next = Task::Next::kDone;
    if (step.late) {
      task->expired();
    } else {
      if (step.first && waited && !step.is_batch) waited(step.waited_s);
      next = task->step();
    }
    lock.lock();
    workers[index].busy = false;
    ++steps;
    queue.finish(*step.entry, next, SteadyClock::now());
    if (queue.empty()) idle.notify_all();
    // A batch that had to leave this worker free may go on, by another's hands too.
    if (queue.has_ready()) has_ready.notify_one();
  }

  const WorkLimits limits;
  const std::function<void(double)> waited;
  mutable std::mutex mutex;
  std::condition_variable has_ready;
  std::condition_variable idle;
  TaskQueue queue;
  std::uint64_t steps = 0;
  bool stopping = false;
  std::vector<Worker> workers;
  std::vector<std::thread> threads;
};

Scheduler::Scheduler(const WorkLimits& limits, std::function<void(double)> waited)
    : impl_(std::make_unique<Impl>(limits, std::move(waited))) {}

Scheduler::~Scheduler() {
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->stopping = true;
  }
  impl_->has_ready.notify_all();
  for (std::thread& thread : impl_->threads) thread.join();
}

std::optional<Refusal> Scheduler::submit(std::shared_ptr<Task> task, const Owner& owner) {
  const std::lock_guard lock(impl_->mutex);
  auto refused = impl_->queue.submit(std::move(task), owner, SteadyClock::now());
  if (!refused) impl_->has_ready.notify_one();
  return refused;
}

void Scheduler::wake(const Task* task) {
  const std::lock_guard lock(impl_->mutex);
  if (impl_->queue.wake(task, SteadyClock::now())) impl_->has_ready.notify_one();
}

void Scheduler::drain() {
  const std::lock_guard lock(impl_->mutex);
  impl_->queue.drain();
}

bool Scheduler::wait_idle(std::chrono::milliseconds most) {
  std::unique_lock lock(impl_->mutex);
  return impl_->idle.wait_for(lock, most, [this] { return impl_->queue.empty(); });
}

std::size_t Scheduler::threads() const noexcept { return impl_->limits.threads; }

WorkCounts Scheduler::counts() const {
  const std::lock_guard lock(impl_->mutex);
  const auto now = SteadyClock::now();
  WorkCounts counts = impl_->queue.counts(now);
  counts.steps = impl_->steps;
  for (const Impl::Worker& worker : impl_->workers) {
    if (!worker.busy) continue;
    const double runs_s = seconds_between(worker.since, now);
    ++counts.running;
    counts.longest_step_s = std::max(counts.longest_step_s, runs_s);
    if (runs_s > impl_->limits.stall_s) ++counts.stalled;
  }
  return counts;
}

}  // namespace syrinx::server::work
