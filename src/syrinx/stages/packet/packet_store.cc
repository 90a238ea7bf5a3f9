// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/packet/packet_store.h"

#include <algorithm>

namespace syrinx::packet {

PacketStore::PacketStore(std::size_t packets, std::size_t payload_bytes)
    : payload_bytes_(payload_bytes),
      entries_(packets),
      free_slots_(packets),
      bytes_(packets * payload_bytes) {
  clear();
}

bool PacketStore::holds(std::int64_t order) const noexcept {
  for (std::size_t i = 0; i < count_; ++i) {
    if (entries_[i].order == order) return true;
  }
  return false;
}

bool PacketStore::insert(StoredPacket packet, Bytes payload) noexcept {
  SYRINX_CHECK(!full() && payload.size() <= payload_bytes_, "no room for the packet");
  std::size_t at = count_;
  while (at > 0 && entries_[at - 1].order > packet.order) --at;
  if (at > 0 && entries_[at - 1].order == packet.order) return false;
  packet.slot = free_slots_[entries_.size() - 1 - count_];
  packet.bytes = static_cast<std::uint16_t>(payload.size());
  std::copy(payload.begin(), payload.end(), bytes_.data() + packet.slot * payload_bytes_);
  const auto begin = entries_.begin() + static_cast<std::ptrdiff_t>(at);
  const auto end = entries_.begin() + static_cast<std::ptrdiff_t>(count_);
  std::copy_backward(begin, end, end + 1);
  *begin = packet;
  ++count_;
  return true;
}

void PacketStore::pop_front() noexcept {
  SYRINX_CHECK(count_ > 0, "no packet waits");
  --count_;
  free_slots_[entries_.size() - 1 - count_] = entries_[0].slot;
  const auto end = entries_.begin() + static_cast<std::ptrdiff_t>(count_ + 1);
  std::copy(entries_.begin() + 1, end, entries_.begin());
}

void PacketStore::clear() noexcept {
  count_ = 0;
  for (std::size_t i = 0; i < free_slots_.size(); ++i)
    free_slots_[i] = static_cast<std::uint16_t>(i);
}

}  // namespace syrinx::packet
