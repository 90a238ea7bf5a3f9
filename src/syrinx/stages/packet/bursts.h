// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace syrinx::packet {

// How losses come together: the bursts and gaps of RFC 3611, 4.7.2. A burst is the longest run from
// a loss to a loss in which fewer than gmin packets in a row were received; the rest are gaps.
// Packets are given in order of sequence, late discards as lost. One thread.
class LossBursts {
 public:
  explicit LossBursts(int gmin = 16) noexcept : gmin_(gmin) {}

  void received(std::uint64_t packets = 1) noexcept;
  void lost(std::uint64_t packets = 1) noexcept;

  struct Summary {
    std::uint64_t packets = 0;
    std::uint64_t lost = 0;
    std::uint64_t bursts = 0;         // Of two losses or more: a lone one belongs to a gap.
    std::uint64_t burst_packets = 0;  // Received and lost, in bursts.
    std::uint64_t burst_lost = 0;
    std::uint64_t gap_packets = 0;
    std::uint64_t gap_lost = 0;
    std::uint64_t longest_run = 0;  // Packets lost in a row, at most.
    std::uint64_t loss_runs = 0;    // Runs of packets lost in a row.
    double burst_density = 0.0;     // Lost per packet within bursts; 0 without any.
    double gap_density = 0.0;
    double mean_burst_packets = 0.0;
    // The E-model's BurstR (G.107, 3.5): the mean run of losses over that of the same loss at
    // random, 1 / (1 - loss); 1 without a loss. Never below 1.
    double burst_ratio = 1.0;
  };
  Summary summary() const noexcept;

 private:
  void end_burst() noexcept;

  int gmin_;
  Summary sum_;
  bool in_run_ = false;             // The last packet was lost.
  std::uint64_t run_ = 0;           // Lost in a row until now.
  std::uint64_t since_loss_ = 0;    // Received since the last loss.
  std::uint64_t open_packets_ = 0;  // Of the burst that may be under way, up to its last loss.
  std::uint64_t open_lost_ = 0;
};

}  // namespace syrinx::packet
