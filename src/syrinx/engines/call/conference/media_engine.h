// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>

#include "syrinx/core/base/clock.h"
#include "syrinx/core/base/result.h"
#include "syrinx/engines/call/conference/ticked.h"
#include "syrinx/engines/call/session/media_session.h"

namespace syrinx::call {

struct EngineOptions {
  std::size_t threads = 1;  // That tick, 1 to limits::kMaxThreads.
  int tick_ms = 20;         // 10 or 20, of all that is ticked.
};

// How the ticks went. Of the last 4,096 ticks of each thread, but for the counts.
struct TickStatistics {
  std::uint64_t ticks = 0;        // Of each thread, summed.
  std::uint64_t ticks_late = 0;   // That began more than a tick after their time.
  std::uint64_t visits = 0;       // Calls of Ticked::tick().
  std::uint64_t visits_idle = 0;  // Looks at what wanted no tick.
  double p50_ms = 0.0;            // Of a thread's whole tick.
  double p99_ms = 0.0;
  double max_ms = 0.0;
};

// Gives media its time: sessions with numbers of their own, and threads that tick what was added.
class MediaEngine {
 public:
  // Errors: kInvalidArgument, with the option.
  static Result<std::unique_ptr<MediaEngine>> create(const EngineOptions& options = {});
  ~MediaEngine();  // Stops.

  const EngineOptions& options() const noexcept;

  // A session with SSRC, sequence and timestamps by chance, and the wall clock's time in its
  // reports, where the options do not say otherwise. Its `now` is SteadyClock's.
  Result<std::unique_ptr<MediaSession>> create_session(SessionOptions options) const;

  // Ticks `what`, which outlives this or is removed, from now on on the thread with the least.
  Result<void> add(Ticked& what);
  // Returns when no thread ticks it any more. Errors: kNotFound.
  Result<void> remove(Ticked& what);

  // By the machine's clock, on threads of its own, until stop(). Errors: kUnavailable while it
  // runs already.
  Result<void> start();
  void stop();
  // By hand, on the calling thread: all ticks that are due until `until`, in the same order each
  // time. Not between start() and stop().
  void advance_to(std::chrono::nanoseconds until);

  TickStatistics statistics() const;

 private:
  class Impl;
  explicit MediaEngine(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace syrinx::call
