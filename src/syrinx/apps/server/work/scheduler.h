// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace syrinx::server::work {

// Something that is done in steps, none of which takes long: a sentence, not a book. One step at a
// time; any worker may take the next.
class Task {
 public:
  virtual ~Task() = default;

  enum class Next {
    kAgain,    // There is more to do.
    kBlocked,  // There is more, once somebody has called Scheduler::wake().
    kDone,
  };
  virtual Next step() = 0;
  // Called instead of the first step when it came much too late (WorkLimits::max_wait_s).
  virtual void expired() = 0;
};

// Whose a task is.
struct Owner {
  std::string client;   // Tasks of one client share that client's part.
  double weight = 1.0;  // Its part, next to others': 2 gets twice the time.
};

struct WorkLimits {
  std::size_t threads = 0;  // 0: one per processor.
  std::size_t max_tasks = 256;
  std::size_t max_tasks_per_client = 256;
  // Who would wait longer than this for a first step is refused at once; while steps themselves
  // take long, four of them are waited for. Who has waited five times as long all the same, because
  // the steps of others took longer than was thought, is given up.
  double max_wait_s = 0.5;
  double first_guess_s = 0.05;  // Of how long a first step takes, until some have been seen.
  // A step that takes longer is reported as stalled.
  double stall_s = 30;
};

enum class RefusalReason { kQueueFull, kClientFull, kTooLong, kDraining };

struct Refusal {
  RefusalReason reason = RefusalReason::kQueueFull;
  double retry_after_s = 1;
};

struct WorkCounts {
  std::size_t tasks = 0;    // Under way, those that wait for their first step included.
  std::size_t waiting = 0;  // For their first step.
  std::size_t running = 0;  // Steps at this moment.
  std::size_t stalled = 0;  // Of them, longer than stall_s.
  std::size_t clients = 0;  // With tasks under way.
  std::uint64_t steps = 0;
  double expected_wait_s = 0;  // Of a task that would come now.
};

// Shares worker threads between clients by the time that they have used (start-time fair queueing,
// Goyal, Vin and Cheng 1996, by the virtual time of weighted fair queueing, Parekh and Gallager
// 1993): a client that comes new is served before one that has had more than his part, and whoever
// hands in many tasks waits for his own. Tasks of one client take turns.
class Scheduler {
 public:
  // `waited` is told how long each first step was waited for, in seconds, by any worker.
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

  WorkCounts counts() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace syrinx::server::work
