// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <span>

#include "syrinx/core/base/spsc_queue.h"

namespace syrinx::call {

// Datagrams of any length on their way from one thread to another, in bytes taken once: each whole
// or not at all.
class DatagramRing {
 public:
  explicit DatagramRing(std::size_t bytes) : bytes_(bytes) {}

  struct Head {
    std::uint32_t bytes = 0;
    std::uint32_t kind = 0;  // The writer's own word.
    std::int64_t time_ns = 0;
  };

  // False, and nothing done: no room. Writing thread.
  bool write(std::uint32_t kind, std::chrono::nanoseconds time,
             std::span<const std::uint8_t> datagram) noexcept SYRINX_REALTIME {
    if (bytes_.capacity() - bytes_.size() < sizeof(Head) + datagram.size()) return false;
    const Head head{static_cast<std::uint32_t>(datagram.size()), kind, time.count()};
    std::array<std::uint8_t, sizeof(Head)> raw;
    std::memcpy(raw.data(), &head, sizeof(head));
    bytes_.write(raw);
    bytes_.write(datagram);
    return true;
  }

  // The next one's head, its bytes at the start of `out`; nothing where none is whole yet. One that
  // is longer than `out` is cut. Reading thread.
  bool read(Head& head, std::span<std::uint8_t> out) noexcept SYRINX_REALTIME {
    if (!has_head_) {
      std::array<std::uint8_t, sizeof(Head)> raw;
      if (bytes_.size() < raw.size()) return false;
      bytes_.read(raw);
      std::memcpy(&head_, raw.data(), sizeof(head_));
      has_head_ = true;
    }
    if (bytes_.size() < head_.bytes) return false;
    head = head_;
    has_head_ = false;
    const std::size_t kept = std::min<std::size_t>(head.bytes, out.size());
    bytes_.read(out.first(kept));
    std::uint8_t over = 0;
    for (std::size_t i = kept; i < head.bytes; ++i) bytes_.read(std::span(&over, 1));
    head.bytes = static_cast<std::uint32_t>(kept);
    return true;
  }

 private:
  SpscQueue<std::uint8_t> bytes_;
  Head head_;
  bool has_head_ = false;
};

}  // namespace syrinx::call
