// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/packet/clock_skew.h"

#include <algorithm>

namespace syrinx::packet {
namespace {

constexpr std::size_t kFewest = 6;
constexpr double kMost = 0.03;

}  // namespace

void ClockSkew::take(double arrival_ms, double transit_ms) noexcept {
  if (open_ && arrival_ms >= second_end_ms_) end_second();
  if (!open_) {
    open_ = true;
    second_end_ms_ = arrival_ms + 1'000.0;
    current_ = {arrival_ms, transit_ms};
  } else if (transit_ms < current_.transit_ms) {
    current_ = {arrival_ms, transit_ms};
  }
}

void ClockSkew::restart() noexcept {
  count_ = 0;
  next_ = 0;
  open_ = false;
}

void ClockSkew::end_second() noexcept {
  seconds_[next_] = current_;
  next_ = (next_ + 1) % kSeconds;
  count_ = std::min(count_ + 1, kSeconds);
  open_ = false;
  if (count_ >= kFewest) estimate();
}

void ClockSkew::estimate() noexcept {
  std::array<double, kSeconds> slopes{};
  std::size_t found = 0;
  const std::size_t apart = std::max<std::size_t>(3, count_ / 4);
  const std::size_t first = (next_ + kSeconds - count_) % kSeconds;
  for (std::size_t i = 0; i + apart < count_; ++i) {
    const Least& before = seconds_[(first + i) % kSeconds];
    const Least& after = seconds_[(first + i + apart) % kSeconds];
    slopes[found++] = (after.transit_ms - before.transit_ms) / (after.time_ms - before.time_ms);
  }
  const auto middle = slopes.begin() + static_cast<std::ptrdiff_t>(found / 2);
  std::nth_element(slopes.begin(), middle, slopes.begin() + static_cast<std::ptrdiff_t>(found));
  skew_ = std::clamp(*middle, -kMost, kMost);
}

}  // namespace syrinx::packet
