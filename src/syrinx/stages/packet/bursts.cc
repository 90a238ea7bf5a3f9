// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/packet/bursts.h"

#include <algorithm>

namespace syrinx::packet {

void LossBursts::received(std::uint64_t packets) noexcept {
  if (packets == 0) return;
  sum_.packets += packets;
  run_ = 0;
  in_run_ = false;
  since_loss_ += packets;
  if (open_packets_ > 0 && since_loss_ >= static_cast<std::uint64_t>(gmin_)) end_burst();
}

void LossBursts::lost(std::uint64_t packets) noexcept {
  for (std::uint64_t i = 0; i < packets; ++i) {
    ++sum_.packets;
    ++sum_.lost;
    if (!in_run_) ++sum_.loss_runs;
    in_run_ = true;
    sum_.longest_run = std::max(sum_.longest_run, ++run_);
    if (open_packets_ > 0) {
      open_packets_ += since_loss_ + 1;
      ++open_lost_;
    } else {
      open_packets_ = 1;
      open_lost_ = 1;
    }
    since_loss_ = 0;
  }
}

void LossBursts::end_burst() noexcept {
  if (open_lost_ > 1) {
    ++sum_.bursts;
    sum_.burst_packets += open_packets_;
    sum_.burst_lost += open_lost_;
  }
  open_packets_ = 0;
  open_lost_ = 0;
}

LossBursts::Summary LossBursts::summary() const noexcept {
  LossBursts ended = *this;
  ended.end_burst();
  Summary sum = ended.sum_;
  sum.gap_packets = sum.packets - sum.burst_packets;
  sum.gap_lost = sum.lost - sum.burst_lost;
  const auto share = [](std::uint64_t part, std::uint64_t all) {
    return all > 0 ? static_cast<double>(part) / static_cast<double>(all) : 0.0;
  };
  sum.burst_density = share(sum.burst_lost, sum.burst_packets);
  sum.gap_density = share(sum.gap_lost, sum.gap_packets);
  sum.mean_burst_packets = share(sum.burst_packets, sum.bursts);
  if (sum.lost > 0 && sum.lost < sum.packets)
    sum.burst_ratio =
        std::max(1.0, share(sum.lost, sum.loss_runs) * (1.0 - share(sum.lost, sum.packets)));
  return sum;
}

}  // namespace syrinx::packet
