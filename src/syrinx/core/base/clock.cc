// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/base/clock.h"

namespace syrinx {

std::chrono::nanoseconds SteadyClock::now() const noexcept {
  return std::chrono::steady_clock::now().time_since_epoch();
}

std::chrono::nanoseconds ManualClock::now() const noexcept {
  return std::chrono::nanoseconds(now_ns_.load(std::memory_order_acquire));
}

void ManualClock::advance(std::chrono::nanoseconds step) noexcept {
  now_ns_.fetch_add(step.count(), std::memory_order_acq_rel);
}

}  // namespace syrinx
