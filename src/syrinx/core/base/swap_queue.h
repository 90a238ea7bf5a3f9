// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <utility>
#include <vector>

#include "syrinx/core/base/realtime.h"

namespace syrinx {

// A queue between one writing and one reading thread that swaps whole objects (vectors, frames) in
// and out of slots made beforehand, so that what was allocated circulates and nothing is allocated
// in use.
template <class T>
class SwapQueue {
 public:
  // Fills `slots` places with copies of `prototype`. Pre: slots >= 1.
  SwapQueue(std::size_t slots, const T& prototype) : slots_(slots, prototype) {}

  std::size_t capacity() const noexcept { return slots_.size(); }

  // Swaps `value` into the queue, leaving an old object in it to be reused; false, and nothing
  // touched, when the queue is full. Writing thread only. Real-time safe if T's swap is.
  bool push(T& value) noexcept SYRINX_REALTIME {
    if (filled_.load(std::memory_order_acquire) == slots_.size()) return false;
    std::swap(slots_[write_at_], value);
    write_at_ = following(write_at_);
    filled_.fetch_add(1, std::memory_order_release);
    return true;
  }

  // Swaps the oldest object out into `value`, leaving value's former object to be reused; false,
  // and nothing touched, when the queue is empty. Reading thread only.
  bool pop(T& value) noexcept SYRINX_REALTIME {
    if (filled_.load(std::memory_order_acquire) == 0) return false;
    std::swap(slots_[read_at_], value);
    read_at_ = following(read_at_);
    filled_.fetch_sub(1, std::memory_order_release);
    return true;
  }

 private:
  std::size_t following(std::size_t index) const noexcept {
    return index + 1 == slots_.size() ? 0 : index + 1;
  }

  std::vector<T> slots_;
  std::size_t write_at_ = 0;  // Writer's alone.
  std::size_t read_at_ = 0;   // Reader's alone.
  std::atomic<std::size_t> filled_{0};
};

}  // namespace syrinx
