// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>

#include "syrinx/apps/server/metrics/leak_watch.h"

namespace syrinx::server {

// Looks at this process's memory as long as it lives, and says in the log once when it begins to
// leak, and once when that is over.
class MemoryWatch {
 public:
  // `load` tells how many tasks are under way; by a thread of its own. With a limit of 0 bytes an
  // hour nothing is looked at.
  MemoryWatch(LeakLimits limits, std::function<std::size_t()> load);

  struct State {
    bool leaking = false;
    std::uint64_t episodes = 0;
    std::optional<double> bytes_per_hour;  // Nothing while it is not known.
  };
  // Any thread.
  State state() const;

 private:
  void run(const std::stop_token& stop);
  void look();
  void tell(double bytes) const;

  const LeakLimits limits_;
  const std::function<std::size_t()> load_;
  mutable std::mutex mutex_;
  std::condition_variable_any wake_;
  LeakWatch watch_;
  std::jthread thread_;  // Last: it ends before what it uses goes.
};

}  // namespace syrinx::server
