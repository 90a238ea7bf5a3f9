// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "syrinx/core/base/realtime.h"
#include "syrinx/stages/packet/rtp.h"

namespace syrinx::packet {

// A packet that waits. `order` counts packets through wraps and changes of source; `position` is
// the media time of its first frame.
struct StoredPacket {
  std::int64_t order = 0;
  std::int64_t position = 0;
  std::size_t frames = 0;  // 0 for what makes no sound of its own.
  std::uint8_t payload_type = 0;
  bool new_source = false;  // The first that is taken of another SSRC.
  bool new_origin = false;  // Its media time does not follow from the one before it.
  std::uint16_t slot = 0;
  std::uint16_t bytes = 0;
};

// Waiting packets in their order, in memory that is taken once. One thread.
class PacketStore {
 public:
  PacketStore(std::size_t packets, std::size_t payload_bytes);

  bool empty() const noexcept { return count_ == 0; }
  bool full() const noexcept { return count_ == entries_.size(); }
  std::size_t size() const noexcept { return count_; }
  const StoredPacket& front() const noexcept { return entries_[0]; }
  // The one after the front, or nullptr.
  const StoredPacket* second() const noexcept { return count_ > 1 ? &entries_[1] : nullptr; }
  Bytes payload(const StoredPacket& packet) const noexcept {
    return {bytes_.data() + packet.slot * payload_bytes_, packet.bytes};
  }

  bool holds(std::int64_t order) const noexcept SYRINX_REALTIME;
  // False, and nothing done: one of this order is here already. Pre: !full(), the payload fits.
  bool insert(StoredPacket packet, Bytes payload) noexcept SYRINX_REALTIME;
  void pop_front() noexcept SYRINX_REALTIME;
  void clear() noexcept SYRINX_REALTIME;

 private:
  std::size_t payload_bytes_;
  std::vector<StoredPacket> entries_;
  std::vector<std::uint16_t> free_slots_;
  std::vector<std::uint8_t> bytes_;
  std::size_t count_ = 0;
};

}  // namespace syrinx::packet
