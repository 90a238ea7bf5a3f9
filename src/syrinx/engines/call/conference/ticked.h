// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

#include "syrinx/core/base/realtime.h"

namespace syrinx::call {

// What a TickScheduler runs: a conference, a bridge, or anything of one's own.
class Ticked {
 public:
  virtual ~Ticked() = default;
  // One tick of media. On one thread at a time.
  virtual void tick(std::chrono::nanoseconds now) noexcept SYRINX_REALTIME = 0;
  // No tick is wanted before this time: what is idle costs one look at this. Any thread.
  virtual std::chrono::nanoseconds wanted_at() const noexcept SYRINX_REALTIME {
    return std::chrono::nanoseconds::min();
  }
};

}  // namespace syrinx::call
