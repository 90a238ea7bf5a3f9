// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "syrinx/core/base/realtime.h"
#include "syrinx/core/base/result.h"
#include "syrinx/core/dsp/aligned.h"
#include "syrinx/stages/enhance/echo/echo_filter.h"

namespace syrinx::enhance {

// The filter that is heard: a diagonal Kalman filter in the frequency domain, whose step in each
// bin follows from how unsure it is of the room there and from how much else than echo it hears
// (Enzner and Vary, Signal Processing 86, 2006; partitioned: Kuech, Mabande and Enzner, ICASSP
// 2014). It holds still by itself while both talk.
class KalmanFilter {
 public:
  static Result<KalmanFilter> create(std::size_t block_samples, std::size_t partitions);

  EchoFilter& filter() noexcept { return filter_; }
  const EchoFilter& filter() const noexcept { return filter_; }

  void estimate(const FarHistory& history, std::size_t delay,
                std::span<float> echo) noexcept SYRINX_REALTIME {
    filter_.estimate(history, delay, echo);
  }
  // Learns from what the last estimate left over. Pre: as estimate().
  void update(const FarHistory& history, std::size_t delay,
              std::span<const float> error) noexcept SYRINX_REALTIME;
  // Per bin, the power of the echo that the filter expects to have left, in the spectrum of two
  // blocks of which the first is silent. Of the last update.
  std::span<const float> expected_residual() const noexcept { return residual_; }

  // Takes over another filter's room, and is as unsure of it as `doubt` of its power.
  void adopt(const EchoFilter& other, float doubt) noexcept SYRINX_REALTIME;
  void shift(int blocks) noexcept SYRINX_REALTIME;
  void reset() noexcept SYRINX_REALTIME;

 private:
  KalmanFilter(EchoFilter filter, std::size_t partitions);
  void sum_residual(const FarHistory& history, std::size_t delay) noexcept;
  void follow_noise() noexcept;
  void update_partition(const FarHistory::Entry& far, std::size_t partition) noexcept;

  EchoFilter filter_;
  std::vector<dsp::AlignedFloats> doubt_;  // Variance of each weight.
  SplitSpectrum error_;
  dsp::AlignedFloats residual_;
  dsp::AlignedFloats noise_;  // Power of the error, smoothed: what else than echo is heard.
  dsp::AlignedFloats step_;   // The error over the power that it was expected to have.
  std::size_t next_constrained_ = 0;
};

}  // namespace syrinx::enhance
