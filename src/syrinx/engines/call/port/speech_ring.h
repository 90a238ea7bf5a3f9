// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "syrinx/core/base/realtime.h"

namespace syrinx::call {

// Samples between one writing and one reading thread, without locks, by their number since the
// beginning: where something begins or ends can be told beside them, and what is not wanted any
// more is passed over at once.
class SpeechRing {
 public:
  // Holds at least so many. Pre: capacity >= 1.
  explicit SpeechRing(std::size_t capacity) : slots_(std::bit_ceil(capacity)) {}

  std::uint64_t written() const noexcept { return written_.load(std::memory_order_acquire); }
  std::uint64_t read() const noexcept { return read_.load(std::memory_order_acquire); }
  std::size_t room() const noexcept {
    return slots_.size() - static_cast<std::size_t>(written() - read());
  }
  std::size_t waiting() const noexcept {
    const std::uint64_t until = read();  // First: it never passes the other.
    return static_cast<std::size_t>(written() - until);
  }

  // As many as fit; how many. Writing thread only.
  std::size_t write(std::span<const float> samples) noexcept SYRINX_REALTIME {
    const std::uint64_t at = written_.load(std::memory_order_relaxed);
    const std::size_t count = std::min(samples.size(), room());
    for (std::size_t i = 0; i < count; ++i) slots_[place(at + i)] = samples[i];
    written_.store(at + count, std::memory_order_release);
    return count;
  }
  // Pre: so many are there. Reading thread only, as is skip().
  void take(std::span<float> out) noexcept SYRINX_REALTIME {
    const std::uint64_t at = read_.load(std::memory_order_relaxed);
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = slots_[place(at + i)];
    read_.store(at + out.size(), std::memory_order_release);
  }
  void skip(std::uint64_t count) noexcept SYRINX_REALTIME {
    read_.store(read_.load(std::memory_order_relaxed) + count, std::memory_order_release);
  }

 private:
  std::size_t place(std::uint64_t number) const noexcept {
    return static_cast<std::size_t>(number) & (slots_.size() - 1);
  }

  std::vector<float> slots_;
  alignas(64) std::atomic<std::uint64_t> written_{0};
  alignas(64) std::atomic<std::uint64_t> read_{0};
};

}  // namespace syrinx::call
