// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>

namespace syrinx {

// Time as a stage sees it, so that tests and simulations can turn the hands themselves.
class Clock {
 public:
  virtual ~Clock() = default;
  // Time since an arbitrary start; never goes back. Any thread.
  virtual std::chrono::nanoseconds now() const noexcept = 0;
};

// The machine's monotonic clock.
class SteadyClock final : public Clock {
 public:
  std::chrono::nanoseconds now() const noexcept override;
};

// Stands still until told to move. advance() by one thread; now() by any.
class ManualClock final : public Clock {
 public:
  std::chrono::nanoseconds now() const noexcept override;
  void advance(std::chrono::nanoseconds step) noexcept;

 private:
  std::atomic<std::chrono::nanoseconds::rep> now_ns_{0};
};

}  // namespace syrinx
