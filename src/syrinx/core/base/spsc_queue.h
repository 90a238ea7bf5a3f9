// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstddef>
#include <span>
#include <type_traits>
#include <vector>

#include "syrinx/core/base/realtime.h"

namespace syrinx {

// A ring of trivially copyable values between exactly one writing and one reading thread, without
// locks; all memory is taken at construction. Carries samples between an engine and an audio
// thread.
template <class T>
class SpscQueue {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  // Holds at least `capacity` values (rounded up to a power of two). Pre: capacity >= 1.
  explicit SpscQueue(std::size_t capacity) : slots_(std::bit_ceil(capacity)) {}

  std::size_t capacity() const noexcept { return slots_.size(); }
  // Values that can be read now. Exact for the reader, a lower bound of what it will find.
  std::size_t size() const noexcept {
    return written_.load(std::memory_order_acquire) - read_.load(std::memory_order_acquire);
  }

  // Values since the beginning: what begins or ends between two of them can be told beside the
  // queue. Who is neither of the two threads asks taken() first, which never passes the other.
  std::size_t written() const noexcept { return written_.load(std::memory_order_acquire); }
  std::size_t taken() const noexcept { return read_.load(std::memory_order_acquire); }
  // That write() would take. Writing thread only.
  std::size_t room() const noexcept { return capacity() - (written() - taken()); }

  // Copies in as many as fit and returns how many that was. Writing thread only.
  std::size_t write(std::span<const T> values) noexcept SYRINX_REALTIME {
    const std::size_t at = written_.load(std::memory_order_relaxed);
    const std::size_t free = capacity() - (at - read_.load(std::memory_order_acquire));
    const std::size_t count = std::min(values.size(), free);
    for (std::size_t i = 0; i < count; ++i) slots_[(at + i) & mask()] = values[i];
    written_.store(at + count, std::memory_order_release);
    return count;
  }

  // Copies out as many as there are, at most out.size(), and returns how many. Reading thread only.
  std::size_t read(std::span<T> out) noexcept SYRINX_REALTIME {
    const std::size_t at = read_.load(std::memory_order_relaxed);
    const std::size_t ready = written_.load(std::memory_order_acquire) - at;
    const std::size_t count = std::min(out.size(), ready);
    for (std::size_t i = 0; i < count; ++i) out[i] = slots_[(at + i) & mask()];
    read_.store(at + count, std::memory_order_release);
    return count;
  }
  // Passes over values that are there. Pre: at least `count` are. Reading thread only.
  void skip(std::size_t count) noexcept SYRINX_REALTIME {
    read_.store(read_.load(std::memory_order_relaxed) + count, std::memory_order_release);
  }

 private:
  std::size_t mask() const noexcept { return slots_.size() - 1; }

  std::vector<T> slots_;
  alignas(64) std::atomic<std::size_t> written_{0};  // Own cache lines: the two threads
  alignas(64) std::atomic<std::size_t> read_{0};     // would else fight for one.
};

}  // namespace syrinx
