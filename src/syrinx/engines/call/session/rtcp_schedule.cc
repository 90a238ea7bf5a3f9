// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/call/session/rtcp_schedule.h"

#include <algorithm>

namespace syrinx::call {
namespace {

constexpr double kLeastS = 5.0;
constexpr double kCompensation = 2.71828 - 1.5;  // A.7: for the timer's reconsideration.

}  // namespace

void RtcpSchedule::start(std::chrono::nanoseconds now) noexcept {
  started_ = true;
  first_ = true;
  next_ = now + interval(2);
}

void RtcpSchedule::took(std::size_t bytes) noexcept {
  mean_bytes_ += (static_cast<double>(bytes) - mean_bytes_) / 16.0;
}

void RtcpSchedule::sent(std::chrono::nanoseconds now, int members) noexcept {
  first_ = false;
  next_ = now + interval(members);
}

std::chrono::nanoseconds RtcpSchedule::interval(int members) noexcept {
  const double least = first_ ? kLeastS / 2.0 : kLeastS;
  const double mean = rtcp_bytes_per_s_ > 0.0 ? mean_bytes_ * members / rtcp_bytes_per_s_ : least;
  const double seconds = std::max(least, mean) * (0.5 + random_.uniform()) / kCompensation;
  return std::chrono::nanoseconds(static_cast<std::int64_t>(seconds * 1e9));
}

}  // namespace syrinx::call
