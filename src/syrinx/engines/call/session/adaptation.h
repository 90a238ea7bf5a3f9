// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>

#include "syrinx/core/base/realtime.h"
#include "syrinx/core/base/result.h"
#include "syrinx/stages/codec/codec.h"

namespace syrinx::call {

// How a sender answers the losses that the other side reports.
enum class AdaptationStrategy {
  kNone,         // Not at all.
  kKeepQuality,  // Redundancy (FEC) first; the bit rate falls only under heavy loss.
  kSaveNetwork,  // The bit rate falls with the loss, as losses may be of our own making.
};

struct AdaptationOptions {
  AdaptationStrategy strategy = AdaptationStrategy::kNone;
  int min_bitrate_bps = 12'000;
  int max_bitrate_bps = 32'000;
  // Losses smoothed over reports, in percent: FEC begins above the one and ends below the other.
  double fec_on_percent = 2.0;
  double fec_off_percent = 0.5;
  double heavy_percent = 10.0;      // Above it, the bit rate falls under either strategy.
  std::chrono::seconds settle{10};  // At least so long between a change and one that undoes it.
};

// Decides from reports of loss. One thread; no memory but its own.
class LossAdaptation {
 public:
  // Errors: kInvalidArgument, with the field, for limits that cannot be meant.
  static Result<LossAdaptation> create(const AdaptationOptions& options);

  // What holds before any report.
  const codec::Adaptation& current() const noexcept { return current_; }
  // Takes the loss since the last report, 0 to 100; gives what is to be in force now where that is
  // something new.
  std::optional<codec::Adaptation> take(double loss_percent,
                                        std::chrono::nanoseconds now) noexcept SYRINX_REALTIME;

 private:
  explicit LossAdaptation(const AdaptationOptions& options) noexcept;
  codec::Adaptation wanted(std::chrono::nanoseconds now) const noexcept;

  AdaptationOptions options_;
  codec::Adaptation current_;
  double loss_percent_ = 0.0;
  bool any_ = false;
  std::optional<std::chrono::nanoseconds> worsened_;  // When the loss last asked for less.
};

}  // namespace syrinx::call
