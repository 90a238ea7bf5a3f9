// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/server/work/task_queue.h"

#include <algorithm>
#include <utility>

namespace syrinx::server::work {
namespace {

double seconds_between(TaskQueue::TimePoint from, TaskQueue::TimePoint to) {
  return std::chrono::duration<double>(to - from).count();
}

// Of first steps, so that the expected wait follows what is asked for now.
constexpr double kCostMemory = 0.85;
constexpr double kTooLate = 5;
// Of clients without a task, beyond which those are forgotten who have nothing to make up for.
constexpr std::size_t kKeptFlows = 64;

constexpr auto kAll = {Priority::kInteractive, Priority::kNormal, Priority::kBatch};

}  // namespace

// A client's tasks that could go on, and the service that it has had in its class.
struct TaskQueue::Flow {
  Priority priority = Priority::kNormal;
  double weight = 1;
  double start_tag = 0;  // In virtual time; the least of all flows is served next.
  std::uint64_t number = 0;
  std::deque<Entry*> ready;
  std::size_t tasks = 0;
};

bool TaskQueue::ByTag::operator()(const Flow* a, const Flow* b) const {
  return std::pair(a->start_tag, a->number) < std::pair(b->start_tag, b->number);
}

TaskQueue::TaskQueue(const WorkLimits& limits)
    : limits_(limits), first_step_s_(limits.first_guess_s), between_s_(limits.first_guess_s) {}
TaskQueue::~TaskQueue() = default;

// While nobody has been served for longer than usual, that is what it takes now.
double TaskQueue::expected_wait_s(Priority priority, TimePoint now) const {
  const double since_s = was_waiting_ ? seconds_between(last_first_, now) : 0.0;
  std::size_t before = lines_[0].waiting;
  if (priority != Priority::kInteractive) before += lines_[1].waiting;
  return std::max(between_s_, since_s) * static_cast<double>(before);
}

double TaskQueue::most_wait_s() const { return std::max(limits_.max_wait_s, 4 * first_step_s_); }

// Learns how quickly those who wait are served, from the time between two that are.
void TaskQueue::note_first_step(TimePoint now) {
  if (was_waiting_)
    between_s_ = kCostMemory * between_s_ + (1 - kCostMemory) * seconds_between(last_first_, now);
  last_first_ = now;
  was_waiting_ = lines_[0].waiting + lines_[1].waiting > 0;
}

std::optional<Refusal> TaskQueue::refusal(const Owner& owner, TimePoint now) const {
  if (draining_) return Refusal{RefusalReason::kDraining, 1};
  if (owner.accepted) return std::nullopt;
  const double wait_s = expected_wait_s(owner.priority, now);
  const double soon_s = std::clamp(wait_s, 1.0, 60.0);
  if (requests_ >= limits_.max_tasks) return Refusal{RefusalReason::kQueueFull, soon_s};
  const Line& line = lines_[static_cast<std::size_t>(owner.priority)];
  const auto flow = line.flows.find(owner.client);
  if (flow != line.flows.end() && flow->second->tasks >= limits_.max_tasks_per_client)
    return Refusal{RefusalReason::kClientFull, soon_s};
  if (owner.priority != Priority::kBatch && wait_s > most_wait_s())
    return Refusal{RefusalReason::kTooLong, soon_s};
  return std::nullopt;
}

TaskQueue::Flow& TaskQueue::flow_of(const Owner& owner) {
  Line& line = line_of(owner.priority);
  auto& flow = line.flows[owner.client];
  if (!flow) {
    flow = std::make_unique<Flow>();
    flow->priority = owner.priority;
    flow->number = ++flows_made_;
    flow->start_tag = line.virtual_time;
  }
  if (flow->tasks == 0) flow->weight = std::max(owner.weight, 0.01);
  return *flow;
}

std::optional<Refusal> TaskQueue::submit(std::shared_ptr<Task> task, const Owner& owner,
                                         TimePoint now) {
  if (auto refused = refusal(owner, now)) return refused;
  Flow& flow = flow_of(owner);
  auto entry = std::make_unique<Entry>();
  entry->task = std::move(task);
  entry->flow = &flow;
  entry->came = now;
  entry->accepted = owner.accepted;
  if (!owner.accepted) ++requests_;
  Line& line = line_of(owner.priority);
  if (flow.tasks++ == 0) {
    ++line.clients;
    line.active_weight += flow.weight;
  }
  ++line.tasks;
  ++line.waiting;
  Entry& held = *entry;
  entries_.emplace(held.task.get(), std::move(entry));
  make_ready(held, now);
  return std::nullopt;
}

// Puts a task where a worker finds it; one that has not begun comes before those that have.
void TaskQueue::make_ready(Entry& entry, TimePoint now) {
  Flow& flow = *entry.flow;
  Line& line = line_of(flow.priority);
  if (line.order.empty()) line.since = now;
  if (flow.ready.empty()) {
    flow.start_tag = std::max(flow.start_tag, line.virtual_time);
    line.order.insert(&flow);
  }
  const auto begun = std::find_if(flow.ready.begin(), flow.ready.end(),
                                  [](const Entry* other) { return other->begun; });
  flow.ready.insert(entry.begun ? flow.ready.end() : begun, &entry);
}

// A step of a batch may be long: where there are several workers, one is left to those who wait.
bool TaskQueue::may_run(Priority priority) const {
  return priority != Priority::kBatch || limits_.threads <= 1 ||
         running_batch_ < limits_.threads - 1;
}

bool TaskQueue::has_ready() const {
  return std::any_of(kAll.begin(), kAll.end(), [this](Priority priority) {
    return !lines_[static_cast<std::size_t>(priority)].order.empty() && may_run(priority);
  });
}

// The highest class with something ready, but for the one that is furthest beyond its patience.
TaskQueue::Line* TaskQueue::next_line(TimePoint now) {
  const std::array<double, kPriorities> patience_s{0, limits_.normal_patience_s,
                                                   limits_.batch_patience_s};
  Line* chosen = nullptr;
  double most_overdue_s = 0;
  for (const Priority priority : kAll) {
    Line& line = line_of(priority);
    if (line.order.empty() || !may_run(priority)) continue;
    const auto index = static_cast<std::size_t>(priority);
    const double overdue_s = seconds_between(line.since, now) - patience_s[index];
    if (chosen == nullptr) {
      chosen = &line;
    } else if (overdue_s > most_overdue_s) {
      chosen = &line;
      most_overdue_s = overdue_s;
    }
  }
  return chosen;
}

std::optional<TaskQueue::Step> TaskQueue::start(TimePoint now) {
  Line* line = next_line(now);
  if (line == nullptr) return std::nullopt;
  Flow& flow = **line->order.begin();
  Entry& entry = *flow.ready.front();
  flow.ready.pop_front();
  if (flow.ready.empty()) line->order.erase(&flow);
  line->since = now;
  Step step{&entry, !std::exchange(entry.begun, true), false, seconds_between(entry.came, now),
            flow.priority == Priority::kBatch};
  if (step.first) --line->waiting;
  if (step.is_batch) {
    ++running_batch_;
  } else if (step.first) {
    note_first_step(now);
    step.late = step.waited_s > kTooLate * most_wait_s();
  }
  entry.started = now;
  entry.teaches = step.first && !step.late && !step.is_batch;
  entry.woken = false;
  return step;
}

// Charges a flow for what it used. Virtual time runs as if all who are there had been served at
// once, each by its weight, so that those who come later do not all come before those who stay.
void TaskQueue::charge(Flow& flow, double used_s) {
  Line& line = line_of(flow.priority);
  line.virtual_time += used_s / std::max(line.active_weight, flow.weight);
  const bool queued = !flow.ready.empty();
  if (queued) line.order.erase(&flow);
  flow.start_tag += used_s / flow.weight;
  if (queued) line.order.insert(&flow);
}

void TaskQueue::finish(Entry& entry, Task::Next next, TimePoint now) {
  Flow& flow = *entry.flow;
  const double used_s = seconds_between(entry.started, now);
  if (flow.priority == Priority::kBatch) --running_batch_;
  if (entry.teaches) first_step_s_ = kCostMemory * first_step_s_ + (1 - kCostMemory) * used_s;
  charge(flow, used_s);
  if (next == Task::Next::kDone) return forget(entry);
  entry.blocked = next == Task::Next::kBlocked && !entry.woken;
  if (!entry.blocked) make_ready(entry, now);
}

void TaskQueue::forget(Entry& entry) {
  Flow& flow = *entry.flow;
  Line& line = line_of(flow.priority);
  if (!entry.accepted) --requests_;
  entries_.erase(entry.task.get());  // `entry` is gone.
  if (--flow.tasks == 0) {
    --line.clients;
    line.active_weight -= flow.weight;
  }
  if (--line.tasks == 0) {
    line.flows.clear();
    line.virtual_time = line.active_weight = 0;
  } else if (line.flows.size() > 2 * line.clients + kKeptFlows) {
    // Who has had more than his part comes back to that; the others lose nothing.
    std::erase_if(line.flows, [&line](const auto& one) {
      return one.second->tasks == 0 && one.second->start_tag <= line.virtual_time;
    });
  }
}

bool TaskQueue::wake(const Task* task, TimePoint now) {
  const auto found = entries_.find(task);
  if (found == entries_.end()) return false;
  Entry& entry = *found->second;
  entry.woken = true;
  if (!std::exchange(entry.blocked, false)) return false;
  make_ready(entry, now);
  return true;
}

WorkCounts TaskQueue::counts(TimePoint now) const {
  WorkCounts counts;
  counts.tasks = requests_;
  counts.waiting = lines_[0].waiting + lines_[1].waiting;
  counts.batch = lines_[2].tasks;
  for (const Line& line : lines_) counts.clients += line.clients;
  counts.expected_wait_s = expected_wait_s(Priority::kNormal, now);
  return counts;
}

}  // namespace syrinx::server::work
