// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>

#include "syrinx/core/base/realtime.h"
#include "syrinx/stages/packet/random.h"

namespace syrinx::call {

// When reports are sent: RFC 3550, 6.2 and A.7 for a session of two, who share 5 % of its
// bandwidth; 5 s at least, half of that before the first, each by chance between half and one and
// a half of it.
class RtcpSchedule {
 public:
  RtcpSchedule(double session_bandwidth_bps, std::uint64_t seed) noexcept
      : rtcp_bytes_per_s_(session_bandwidth_bps * 0.05 / 8.0), random_(seed) {}

  void start(std::chrono::nanoseconds now) noexcept SYRINX_REALTIME;
  bool due(std::chrono::nanoseconds now) const noexcept { return started_ && now >= next_; }
  std::chrono::nanoseconds next() const noexcept { return next_; }
  // A report of so many bytes, with those of UDP and IP, went or came.
  void took(std::size_t bytes) noexcept SYRINX_REALTIME;
  // One was sent: when the next is.
  void sent(std::chrono::nanoseconds now, int members) noexcept SYRINX_REALTIME;

 private:
  std::chrono::nanoseconds interval(int members) noexcept;

  double rtcp_bytes_per_s_;
  packet::Random random_;
  double mean_bytes_ = 120.0;
  bool started_ = false;
  bool first_ = true;
  std::chrono::nanoseconds next_{0};
};

}  // namespace syrinx::call
