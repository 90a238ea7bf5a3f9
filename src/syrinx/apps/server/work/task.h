// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// What workers do, for whom, and within which limits.
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

// Who goes first. A class that has waited for as long as its patience goes before the others all
// the same, so that nobody starves.
enum class Priority { kInteractive, kNormal, kBatch };
inline constexpr std::size_t kPriorities = 3;

// The class of that name: interactive, normal, batch.
constexpr std::optional<Priority> priority_named(std::string_view name) noexcept {
  if (name == "interactive") return Priority::kInteractive;
  if (name == "normal") return Priority::kNormal;
  if (name == "batch") return Priority::kBatch;
  return std::nullopt;
}

// Whose a task is.
struct Owner {
  std::string client;   // Tasks of one client share that client's part of their class.
  double weight = 1.0;  // Its part, next to others': 2 gets twice the time.
  Priority priority = Priority::kNormal;
  // Work that was accepted before, by the server itself: it is refused only when the server goes
  // down, and is not counted among requests.
  bool accepted = false;
};

struct WorkLimits {
  std::size_t threads = 0;  // 0: one per processor.
  std::size_t max_tasks = 256;
  std::size_t max_tasks_per_client = 256;
  // Who would wait longer than this for a first step is refused at once; while steps themselves
  // take long, four of them are waited for. Who has waited five times as long all the same, because
  // the steps of others took longer than was thought, is given up. Batches wait for ever.
  double max_wait_s = 0.5;
  double first_guess_s = 0.05;  // Of how long a first step takes, until some have been seen.
  // A step that takes longer is reported as stalled.
  double stall_s = 30;
  // How long a class waits while those above it have work, before it gets one step.
  double normal_patience_s = 0.5;
  double batch_patience_s = 2;
};

enum class RefusalReason { kQueueFull, kClientFull, kTooLong, kDraining };

struct Refusal {
  RefusalReason reason = RefusalReason::kQueueFull;
  double retry_after_s = 1;
};

struct WorkCounts {
  std::size_t tasks = 0;      // Requests under way, those that wait for their first step included.
  std::size_t waiting = 0;    // For their first step, batches left out.
  std::size_t running = 0;    // Steps at this moment.
  std::size_t stalled = 0;    // Of them, longer than stall_s.
  double longest_step_s = 0;  // Of those that run.
  std::size_t clients = 0;    // With tasks under way.
  std::size_t batch = 0;      // Tasks of the lowest class, accepted ones included.
  std::uint64_t steps = 0;
  double expected_wait_s = 0;  // Of a task of the middle class that would come now.
};

}  // namespace syrinx::server::work
