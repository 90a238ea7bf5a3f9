// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "syrinx/core/base/realtime.h"
#include "syrinx/stages/enhance/echo/echo_filter.h"

namespace syrinx::enhance {

// How much the clocks of loudspeaker and microphone differ, from how the filter's answer moves: the
// slope of the phase between what it was and what it is. Closes a loop: what is compensated no
// longer moves.
class DriftTracker {
 public:
  DriftTracker(std::size_t bins, std::size_t partitions);

  // Once per block in which the filter learnt. True when the drift was measured anew.
  bool observe(const EchoFilter& filter) noexcept SYRINX_REALTIME;
  // Samples of the far end for each of the near end, less 1. 0 until it is sure of a drift.
  double drift() const noexcept { return engaged_ ? drift_ : 0.0; }
  // The filter was moved or replaced: what it was is no measure any more.
  void forget_answer() noexcept SYRINX_REALTIME {
    blocks_ = 0;
    have_answer_ = false;
  }
  void reset() noexcept SYRINX_REALTIME;

  static constexpr double kMostDrift = 1.2e-3;

 private:
  void keep(const EchoFilter& filter) noexcept;
  double moved_samples(const EchoFilter& filter, double& likeness) noexcept;

  std::vector<SplitSpectrum> answer_;
  SplitSpectrum cross_;
  bool have_answer_ = false;
  std::size_t blocks_ = 0;
  bool engaged_ = false;
  int measured_ = 0;
  double drift_ = 0.0;
};

}  // namespace syrinx::enhance
