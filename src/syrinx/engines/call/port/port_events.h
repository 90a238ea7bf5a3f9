// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "syrinx/core/base/spsc_queue.h"
#include "syrinx/engines/call/port/port_values.h"

namespace syrinx::call {

// What a port's ticking thread tells the controlling one, and the counts beside it.
class PortEvents {
 public:
  PortEvents() : queue_(kPlaces) {}

  void tell(const PortEvent& event) noexcept {
    if (queue_.write(std::span(&event, 1)) == 0) ++counts.events_dropped;
  }
  bool next(PortEvent& event) noexcept { return queue_.read(std::span(&event, 1)) > 0; }

  SpeechPortStatistics counts;  // Of the ticking thread.

 private:
  static constexpr std::size_t kPlaces = 256;
  SpscQueue<PortEvent> queue_;
};

}  // namespace syrinx::call
