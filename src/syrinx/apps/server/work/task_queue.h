// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>

#include "syrinx/apps/server/work/task.h"

namespace syrinx::server::work {

// Which task's step comes next. Within a class, time is shared between clients by what each has
// used (start-time fair queueing, Goyal, Vin and Cheng 1996, by the virtual time of weighted fair
// queueing, Parekh and Gallager 1993): a client that comes new is served before one that has had
// more than his part, and whoever hands in many tasks waits for his own. Tasks of one client take
// turns. Between classes the higher goes first, but for one that has waited for as long as its
// patience; batches leave one worker free where there are several. Holds no thread and asks no
// clock: whoever calls says what time it is. One thread at a time.
class TaskQueue {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  struct Flow;

  struct Entry {
    std::shared_ptr<Task> task;
    Flow* flow = nullptr;
    TimePoint came;
    TimePoint started;  // The step that runs.
    bool accepted = false;
    bool begun = false;
    bool teaches = false;  // The step that runs says how long first steps take.
    bool blocked = false;
    bool woken = false;  // While it ran: what it then says about being blocked is old.
  };

  // A step that is to be done now.
  struct Step {
    Entry* entry = nullptr;
    bool first = false;
    bool late = false;  // Task::expired() is to be called instead.
    double waited_s = 0;
    bool is_batch = false;
  };

  // Pre: limits.threads > 0.
  explicit TaskQueue(const WorkLimits& limits);
  ~TaskQueue();

  // Takes the task, or says why not.
  std::optional<Refusal> submit(std::shared_ptr<Task> task, const Owner& owner, TimePoint now);
  // Whether start() would give something now or, when only batches wait, once a worker is free.
  bool has_ready() const;
  // The next step; nothing when there is none that may be done now.
  std::optional<Step> start(TimePoint now);
  // What the step said. The entry is gone when that was kDone.
  void finish(Entry& entry, Task::Next next, TimePoint now);
  // A blocked task may go on; remembered when it runs. True when it is ready now.
  bool wake(const Task* task, TimePoint now);
  void drain() { draining_ = true; }

  bool empty() const { return entries_.empty(); }
  // All but what workers know.
  WorkCounts counts(TimePoint now) const;

 private:
  // A class: its clients with something ready, and what it knows about time.
  struct ByTag {
    bool operator()(const Flow* a, const Flow* b) const;
  };
  struct Line {
    std::set<Flow*, ByTag> order;
    std::map<std::string, std::unique_ptr<Flow>> flows;
    TimePoint since;  // When it was served last, or became ready after that.
    double virtual_time = 0;
    double active_weight = 0;  // Of flows with tasks.
    std::size_t clients = 0;   // Those flows.
    std::size_t tasks = 0;
    std::size_t waiting = 0;  // For a first step.
  };

  Line& line_of(Priority priority) { return lines_[static_cast<std::size_t>(priority)]; }
  double expected_wait_s(Priority priority, TimePoint now) const;
  double most_wait_s() const;
  std::optional<Refusal> refusal(const Owner& owner, TimePoint now) const;
  Flow& flow_of(const Owner& owner);
  void make_ready(Entry& entry, TimePoint now);
  Line* next_line(TimePoint now);
  bool may_run(Priority priority) const;
  void note_first_step(TimePoint now);
  void charge(Flow& flow, double used_s);
  void forget(Entry& entry);

  const WorkLimits limits_;
  std::array<Line, kPriorities> lines_;
  std::unordered_map<const Task*, std::unique_ptr<Entry>> entries_;
  double first_step_s_;
  double between_s_;  // Two first steps, while somebody waits for one.
  TimePoint last_first_{};
  bool was_waiting_ = false;
  std::size_t requests_ = 0;  // Entries that were not accepted before.
  std::size_t running_batch_ = 0;
  std::uint64_t flows_made_ = 0;
  bool draining_ = false;
};

}  // namespace syrinx::server::work
