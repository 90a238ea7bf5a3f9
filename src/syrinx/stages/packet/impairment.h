// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/stages/packet/random.h"

// What a network does to packets: loses, delays, reorders and doubles them, the same for a seed.
namespace syrinx::packet {

enum class LossKind { kNone, kUniform, kGilbertElliott, kTrace };

struct LossModel {
  LossKind kind = LossKind::kNone;
  double percent = 0.0;  // kUniform: of all packets, independently.
  // kGilbertElliott: two states; chances, per packet, of going over and of losing in each.
  double to_bad = 0.0;
  double to_good = 1.0;
  double lost_in_good = 0.0;
  double lost_in_bad = 1.0;
  std::vector<bool> trace;  // kTrace: whether each packet is lost; again from its start at its end.
};

// A Gilbert-Elliott loss of this mean share and mean burst: bursts of `mean_burst_packets` lost in
// a row. Errors: kInvalidArgument for a share outside [0, 100) %, a burst below 1, or both such
// that no chain has them.
Result<LossModel> bursty_loss(double percent, double mean_burst_packets);

enum class JitterKind { kNone, kUniform, kNormal, kSpikes };

struct DelayModel {
  double base_ms = 20.0;
  JitterKind jitter = JitterKind::kNone;
  double jitter_ms = 0.0;  // kUniform: up to this more; kNormal: the deviation, never below base.
  double spike_percent = 0.0;  // kSpikes: the chance that a packet is held, and all behind it.
  double spike_ms = 0.0;
  bool keeps_order = false;  // No packet overtakes another: late ones hold up those behind.
};

// From this time on the base delay, or the bandwidth, is another.
struct DelayStep {
  double at_s = 0.0;
  std::optional<double> base_ms = {};
  std::optional<double> bandwidth_bps = {};
};

// The narrowest link on the way: packets wait in its queue, and what would wait too long is lost.
struct Bottleneck {
  double bandwidth_bps = 0.0;  // With the headers of IP and UDP, 28 bytes; 0: there is none.
  double queue_ms = 200.0;
};

struct Impairment {
  LossModel loss;
  DelayModel delay;
  std::vector<DelayStep> steps;  // In order of time.
  Bottleneck bottleneck;
  double duplicate_percent = 0.0;
  double reorder_percent = 0.0;  // Held back by reorder_ms.
  double reorder_ms = 40.0;
};

// Errors: kInvalidArgument, with the field, for what no network does; kLimitExceeded.
Result<void> validate(const Impairment& impairment);

// One direction of a network. Asked packet by packet, in the order of sending.
class ImpairedPath {
 public:
  // Pre: validate(impairment).
  ImpairedPath(Impairment impairment, std::uint64_t seed);

  struct Fate {
    std::optional<std::chrono::nanoseconds> arrival;    // Nothing: lost.
    std::optional<std::chrono::nanoseconds> duplicate;  // When it comes again.
  };
  // `bytes`: of the datagram, for the bottleneck.
  Fate send(std::chrono::nanoseconds now, std::size_t bytes = 0);

 private:
  bool loses();
  void take_steps(double now_s) noexcept;
  std::optional<std::chrono::nanoseconds> through_bottleneck(std::chrono::nanoseconds now,
                                                             std::size_t bytes) noexcept;
  double jitter_ms();

  Impairment impairment_;
  // A generator for each thing, so that changing one leaves the others as they were.
  Random loss_random_;
  Random delay_random_;
  Random other_random_;
  bool bad_state_ = false;
  std::size_t trace_at_ = 0;
  std::size_t next_step_ = 0;
  std::chrono::nanoseconds held_until_{0};
  std::chrono::nanoseconds last_arrival_{0};
  std::chrono::nanoseconds link_free_at_{0};
};

}  // namespace syrinx::packet
