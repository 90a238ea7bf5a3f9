// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <queue>
#include <string>
#include <vector>

#include "syrinx/engines/call/session/media_session.h"
#include "syrinx/stages/packet/capture.h"
#include "syrinx/stages/packet/impairment.h"

namespace syrinx::call {

// One direction of a party's network.
struct PathResult {
  std::uint64_t packets_sent = 0;  // RTP alone, as below.
  std::uint64_t packets_lost = 0;
  std::uint64_t packets_duplicated = 0;
};

// A datagram on its way.
struct Arrival {
  std::chrono::nanoseconds time{0};
  std::uint64_t number = 0;  // Of its sending, so that equal times have an order.
  std::size_t to = 0;        // Whom it reaches, as who simulates counts them.
  std::vector<std::uint8_t> bytes;

  bool operator>(const Arrival& other) const noexcept {
    return time != other.time ? time > other.time : number > other.number;
  }
};

class SimulatedPath {
 public:
  SimulatedPath(const packet::Impairment& network, std::uint64_t seed);

  // When it arrives: once, twice or never. Reports are delayed, never lost.
  packet::ImpairedPath::Fate send(const OutgoingDatagram& datagram, std::chrono::nanoseconds now);
  const PathResult& result() const noexcept { return result_; }

 private:
  packet::ImpairedPath path_;
  std::chrono::nanoseconds base_;
  PathResult result_;
};

// All that is on its way between sessions.
class SimulatedNetwork {
 public:
  SimulatedNetwork();

  // Sends all that a session has, over `path`.
  void send_all(MediaSession& session, SimulatedPath& path, std::size_t to,
                std::chrono::nanoseconds now);
  // Hands over what arrives until `time`, in order.
  void deliver_until(std::chrono::nanoseconds time,
                     const std::function<void(const Arrival&)>& receive);

 private:
  std::priority_queue<Arrival, std::vector<Arrival>, std::greater<>> arrivals_;
  std::uint64_t sent_ = 0;
  std::vector<std::uint8_t> datagram_;
};

// An arrival for a capture file.
packet::CapturedDatagram captured(const Arrival& arrival, const std::string& source);

}  // namespace syrinx::call
