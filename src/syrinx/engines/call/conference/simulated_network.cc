// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/call/conference/simulated_network.h"

#include "syrinx/engines/call/conference/simulated_time.h"
#include "syrinx/stages/packet/rtp.h"

namespace syrinx::call {

using std::chrono::nanoseconds;

SimulatedPath::SimulatedPath(const packet::Impairment& network, std::uint64_t seed)
    : path_(network, seed), base_(ns_of_s(network.delay.base_ms * 1e-3)) {}

packet::ImpairedPath::Fate SimulatedPath::send(const OutgoingDatagram& datagram, nanoseconds now) {
  packet::ImpairedPath::Fate fate;
  if (datagram.rtcp) {
    fate.arrival = now + base_;
    return fate;
  }
  fate = path_.send(now, datagram.bytes);
  ++result_.packets_sent;
  if (!fate.arrival) ++result_.packets_lost;
  if (fate.duplicate) ++result_.packets_duplicated;
  return fate;
}

SimulatedNetwork::SimulatedNetwork() : datagram_(MediaSession::kMaxDatagram) {}

void SimulatedNetwork::send_all(MediaSession& session, SimulatedPath& path, std::size_t to,
                                nanoseconds now) {
  while (true) {
    const OutgoingDatagram out = session.take(datagram_);
    if (out.bytes == 0) return;
    const auto fate = path.send(out, now);
    const auto end = datagram_.begin() + static_cast<std::ptrdiff_t>(out.bytes);
    for (const auto& when : {fate.arrival, fate.duplicate})
      if (when) arrivals_.push({*when, sent_++, to, {datagram_.begin(), end}});
  }
}

void SimulatedNetwork::deliver_until(nanoseconds time,
                                     const std::function<void(const Arrival&)>& receive) {
  while (!arrivals_.empty() && arrivals_.top().time <= time) {
    receive(arrivals_.top());
    arrivals_.pop();
  }
}

packet::CapturedDatagram captured(const Arrival& arrival, const std::string& source) {
  packet::CapturedDatagram datagram;
  datagram.time = arrival.time;
  datagram.source = source;
  datagram.rtcp = packet::looks_like_rtcp(arrival.bytes);
  datagram.payload_bytes = arrival.bytes.size();
  datagram.bytes = arrival.bytes;
  return datagram;
}

}  // namespace syrinx::call
