// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/base/thread_pool.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <utility>

#if defined(__linux__)
#include <sched.h>
#endif

#include "syrinx/core/base/limits.h"

namespace syrinx {
namespace {

// What the caller and the helpers of one parallel_for share. Helpers may start after the loop is
// done and must then find it alive, so it is the one place here for shared ownership.
struct Loop {
  int processor = -1;  // Of the caller when it began; -1 where that is not known.
  std::size_t count = 0;
  const std::function<void(std::size_t)>* body = nullptr;
  std::atomic<std::size_t> next{0};
  std::atomic<std::size_t> done{0};

  void run() {
    for (std::size_t i = next.fetch_add(1); i < count; i = next.fetch_add(1)) {
      (*body)(i);
      if (done.fetch_add(1) + 1 == count) done.notify_all();
    }
  }
};

int this_processor() {
#if defined(__linux__)
  return sched_getcpu();
#else
  return -1;
#endif
}

// A helper that was woken on its caller's processor would take turns with it, until the system
// moves one of them in some milliseconds: it moves away itself, if it may. Afterwards it may run
// where it might before.
void keep_off(int processor) {
#if defined(__linux__)
  if (processor < 0 || processor >= CPU_SETSIZE || sched_getcpu() != processor) return;
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof allowed, &allowed) != 0 || CPU_COUNT(&allowed) < 2) return;
  cpu_set_t others = allowed;
  CPU_CLR(static_cast<std::size_t>(processor), &others);
  if (sched_setaffinity(0, sizeof others, &others) == 0)
    sched_setaffinity(0, sizeof allowed, &allowed);
#else
  (void)processor;
#endif
}

}  // namespace

std::size_t usable_processors() {
#if defined(__linux__)
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0)
    return std::clamp<std::size_t>(static_cast<std::size_t>(CPU_COUNT(&set)), 1,
                                   limits::kMaxThreads);
#endif
  return std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, limits::kMaxThreads);
}

ThreadPool::ThreadPool(std::size_t threads) {
  if (threads == 0) threads = usable_processors();
  threads = std::min(threads, limits::kMaxThreads);
  workers_.reserve(threads);
  for (std::size_t i = 0; i < threads; ++i) workers_.emplace_back([this] { work(); });
}

ThreadPool::~ThreadPool() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  has_task_.notify_all();
  for (auto& worker : workers_) worker.join();
}

void ThreadPool::submit(std::function<void()> task) {
  {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
  }
  has_task_.notify_one();
}

void ThreadPool::wait_idle() {
  std::unique_lock lock(mutex_);
  idle_.wait(lock, [this] { return tasks_.empty() && running_ == 0; });
}

void ThreadPool::parallel_for(std::size_t count, const std::function<void(std::size_t)>& body) {
  if (count == 0) return;
  auto loop = std::make_shared<Loop>();
  loop->processor = this_processor();
  loop->count = count;
  loop->body = &body;
  const std::size_t helpers = std::min(threads(), count - 1);
  for (std::size_t i = 0; i < helpers; ++i)
    submit([loop] {
      keep_off(loop->processor);
      loop->run();
    });
  loop->run();
  for (std::size_t done = loop->done.load(); done < count; done = loop->done.load()) {
    loop->done.wait(done);
  }
}

void ThreadPool::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    has_task_.wait(lock, [this] { return stopping_ || !tasks_.empty(); });
    if (tasks_.empty()) return;  // Stopping, and nothing left to finish.
    auto task = std::move(tasks_.front());
    tasks_.pop_front();
    ++running_;
    lock.unlock();
    task();
    lock.lock();
    --running_;
    if (tasks_.empty() && running_ == 0) idle_.notify_all();
  }
}

}  // namespace syrinx
