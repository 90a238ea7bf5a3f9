// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace syrinx {

// How many processors this process may use: 1 to limits::kMaxThreads.
std::size_t usable_processors();

// A fixed set of threads that run tasks in the order they came. For batch work, never for audio.
class ThreadPool {
 public:
  // Starts `threads` threads; 0 means one per processor that this process may use, at most
  // limits::kMaxThreads.
  explicit ThreadPool(std::size_t threads = 0);
  // Finishes every task already handed in, then joins.
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  std::size_t threads() const noexcept { return workers_.size(); }

  // Queues a task, which must not throw. Any thread.
  void submit(std::function<void()> task);
  // Blocks until no task is queued or running. Not from inside a task.
  void wait_idle();
  // Runs body(0) .. body(count-1), spread over the pool and the calling thread, and returns when
  // all have run. Safe to call from inside a task: the caller works through the rest itself.
  void parallel_for(std::size_t count, const std::function<void(std::size_t)>& body);

 private:
  void work();

  std::mutex mutex_;
  std::condition_variable has_task_;
  std::condition_variable idle_;
  std::deque<std::function<void()>> tasks_;
  std::size_t running_ = 0;
  bool stopping_ = false;
  std::vector<std::thread> workers_;
};

}  // namespace syrinx
