// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/server/work/scheduler.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <set>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "syrinx/core/base/thread_pool.h"

namespace syrinx::server::work {
namespace {

using SteadyClock = std::chrono::steady_clock;

double seconds_between(SteadyClock::time_point from, SteadyClock::time_point to) {
  return std::chrono::duration<double>(to - from).count();
}

// Of first steps, so that the expected wait follows what is asked for now.
constexpr double kCostMemory = 0.95;
constexpr double kTooLate = 5;
constexpr double kFirstGuessS = 0.02;
// Of clients without a task, beyond which those are forgotten who have nothing to make up for.
constexpr std::size_t kKeptFlows = 64;

}  // namespace

struct Scheduler::Impl {
  struct Flow;

  struct Entry {
    std::shared_ptr<Task> task;
    Flow* flow = nullptr;
    SteadyClock::time_point came;
    bool begun = false;
    bool blocked = false;
    bool running = false;
    bool woken = false;  // While it ran: what it then says about being blocked is old.
  };

  // A client's tasks that could go on, and the service that it has had.
  struct Flow {
    std::string client;
    double weight = 1;
    double start_tag = 0;  // In virtual time; the least of all flows is served next.
    std::uint64_t number = 0;
    std::deque<Entry*> ready;
    std::size_t tasks = 0;
  };

  struct ByTag {
    bool operator()(const Flow* a, const Flow* b) const {
      return std::pair(a->start_tag, a->number) < std::pair(b->start_tag, b->number);
    }
  };

  struct Worker {
    bool busy = false;
    SteadyClock::time_point since;
  };

  Impl(const WorkLimits& given, std::function<void(double)> told)
      : limits(given), waited(std::move(told)) {
    if (limits.threads == 0) limits.threads = usable_processors();
    workers.resize(limits.threads);
    for (std::size_t i = 0; i < limits.threads; ++i) threads.emplace_back([this, i] { work(i); });
  }

  double expected_wait_s() const { return between_s * static_cast<double>(waiting); }
  double most_wait_s() const { return std::max(limits.max_wait_s, 4 * first_step_s); }

  // Learns how quickly those who wait are served, from the time between two that are.
  void note_first_step(SteadyClock::time_point now) {
    if (was_waiting)
      between_s = kCostMemory * between_s + (1 - kCostMemory) * seconds_between(last_first, now);
    last_first = now;
    was_waiting = waiting > 0;
  }

  std::optional<Refusal> refusal(const Owner& owner) const {
    if (draining) return Refusal{RefusalReason::kDraining, 1};
    const double soon_s = std::clamp(expected_wait_s(), 1.0, 60.0);
    if (entries.size() >= limits.max_tasks) return Refusal{RefusalReason::kQueueFull, soon_s};
    const auto flow = flows.find(owner.client);
    if (flow != flows.end() && flow->second->tasks >= limits.max_tasks_per_client)
      return Refusal{RefusalReason::kClientFull, soon_s};
    if (expected_wait_s() > most_wait_s()) return Refusal{RefusalReason::kTooLong, soon_s};
    return std::nullopt;
  }

  Flow& flow_of(const Owner& owner) {
    auto& flow = flows[owner.client];
    if (!flow) {
      flow = std::make_unique<Flow>();
      flow->client = owner.client;
      flow->number = ++flows_made;
      flow->start_tag = virtual_time;
    }
    flow->weight = std::max(owner.weight, 0.01);
    return *flow;
  }

  // Puts a task where a worker finds it; one that has not begun comes before those that have.
  void make_ready(Entry& entry) {
    Flow& flow = *entry.flow;
    if (flow.ready.empty()) {
      flow.start_tag = std::max(flow.start_tag, virtual_time);
      order.insert(&flow);
    }
    const auto begun = std::find_if(flow.ready.begin(), flow.ready.end(),
                                    [](const Entry* other) { return other->begun; });
    flow.ready.insert(entry.begun ? flow.ready.end() : begun, &entry);
    has_ready.notify_one();
  }

  Entry* next_ready() {
    if (order.empty()) return nullptr;
    Flow& flow = **order.begin();
    Entry* entry = flow.ready.front();
    flow.ready.pop_front();
    virtual_time = std::max(virtual_time, flow.start_tag);
    if (flow.ready.empty()) order.erase(&flow);
    return entry;
  }

  // Charges a flow for what it used.
  void charge(Flow& flow, double used_s) {
    const bool queued = !flow.ready.empty();
    if (queued) order.erase(&flow);
    flow.start_tag = std::max(flow.start_tag, virtual_time) + used_s / flow.weight;
    if (queued) order.insert(&flow);
  }

  void forget(Entry& entry) {
    Flow& flow = *entry.flow;
    entries.erase(entry.task.get());  // `entry` is gone.
    if (--flow.tasks == 0) --clients;
    if (entries.empty()) {
      flows.clear();
      virtual_time = 0;
      idle.notify_all();
    } else if (flows.size() > 2 * clients + kKeptFlows) {
      // Who has had more than his part comes back to that; the others lose nothing.
      std::erase_if(flows, [this](const auto& one) {
        return one.second->tasks == 0 && one.second->start_tag <= virtual_time;
      });
    }
  }

  void work(std::size_t index) {
    std::unique_lock lock(mutex);
    while (true) {
      has_ready.wait(lock, [this] { return stopping || !order.empty(); });
      if (stopping) return;
      if (Entry* entry = next_ready()) run(*entry, index, lock);
    }
  }

  // One step, without the lock.
  void run(Entry& entry, std::size_t index, std::unique_lock<std::mutex>& lock) {
    const auto began = SteadyClock::now();
    const bool first = !std::exchange(entry.begun, true);
    const double waited_s = seconds_between(entry.came, began);
    if (first) {
      --waiting;
      note_first_step(began);
    }
    const bool late = first && waited_s > kTooLate * most_wait_s();
    const std::shared_ptr<Task> task = entry.task;
    entry.running = true;
    entry.woken = false;
    workers[index] = {true, began};
    lock.unlock();
    Task::Next next = Task::Next::kDone;
    if (late) {
      task->expired();
    } else {
      if (first && waited) waited(waited_s);
      next = task->step();
    }
    lock.lock();
    const double used_s = seconds_between(began, SteadyClock::now());
    workers[index].busy = false;
    entry.running = false;
    ++steps;
    if (first && !late) first_step_s = kCostMemory * first_step_s + (1 - kCostMemory) * used_s;
    charge(*entry.flow, used_s);
    if (next == Task::Next::kDone) return forget(entry);
    entry.blocked = next == Task::Next::kBlocked && !entry.woken;
    if (!entry.blocked) make_ready(entry);
  }

  WorkLimits limits;
  std::function<void(double)> waited;
  mutable std::mutex mutex;
  std::condition_variable has_ready;
  std::condition_variable idle;
  std::unordered_map<const Task*, std::unique_ptr<Entry>> entries;
  std::map<std::string, std::unique_ptr<Flow>> flows;
  std::set<Flow*, ByTag> order;  // Flows with something ready.
  double virtual_time = 0;
  double first_step_s = kFirstGuessS;
  double between_s = kFirstGuessS;
  SteadyClock::time_point last_first{};
  bool was_waiting = false;
  std::size_t waiting = 0;
  std::size_t clients = 0;  // Flows with tasks.
  std::uint64_t flows_made = 0;
  std::uint64_t steps = 0;
  bool draining = false;
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
  if (auto refused = impl_->refusal(owner)) return refused;
  Impl::Flow& flow = impl_->flow_of(owner);
  auto entry = std::make_unique<Impl::Entry>();
  entry->task = std::move(task);
  entry->flow = &flow;
  entry->came = SteadyClock::now();
  if (flow.tasks++ == 0) ++impl_->clients;
  ++impl_->waiting;
  Impl::Entry& held = *entry;
  impl_->entries.emplace(held.task.get(), std::move(entry));
  impl_->make_ready(held);
  return std::nullopt;
}

void Scheduler::wake(const Task* task) {
  const std::lock_guard lock(impl_->mutex);
  const auto found = impl_->entries.find(task);
  if (found == impl_->entries.end()) return;
  Impl::Entry& entry = *found->second;
  entry.woken = true;
  if (!std::exchange(entry.blocked, false)) return;
  impl_->make_ready(entry);
}

void Scheduler::drain() {
  const std::lock_guard lock(impl_->mutex);
  impl_->draining = true;
}

bool Scheduler::wait_idle(std::chrono::milliseconds most) {
  std::unique_lock lock(impl_->mutex);
  return impl_->idle.wait_for(lock, most, [this] { return impl_->entries.empty(); });
}

WorkCounts Scheduler::counts() const {
  const std::lock_guard lock(impl_->mutex);
  WorkCounts counts;
  counts.tasks = impl_->entries.size();
  counts.waiting = impl_->waiting;
  counts.clients = impl_->clients;
  counts.steps = impl_->steps;
  counts.expected_wait_s = impl_->expected_wait_s();
  const auto now = SteadyClock::now();
  for (const Impl::Worker& worker : impl_->workers) {
    if (!worker.busy) continue;
    ++counts.running;
    if (seconds_between(worker.since, now) > impl_->limits.stall_s) ++counts.stalled;
  }
  return counts;
}

}  // namespace syrinx::server::work
