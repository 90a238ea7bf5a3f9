// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>

#include "syrinx/core/base/realtime.h"
#include "syrinx/core/base/result.h"
#include "syrinx/core/dsp/aligned.h"
#include "syrinx/stages/enhance/echo/echo_filter.h"

namespace syrinx::enhance {

// The filter that is not heard: a normalised LMS of large steps, which finds a changed room in a
// few blocks and is lost while both talk.
class QuickFilter {
 public:
  static Result<QuickFilter> create(std::size_t block_samples, std::size_t partitions);

  EchoFilter& filter() noexcept { return filter_; }
  const EchoFilter& filter() const noexcept { return filter_; }

  void estimate(const FarHistory& history, std::size_t delay,
                std::span<float> echo) noexcept SYRINX_REALTIME {
    filter_.estimate(history, delay, echo);
  }
  void update(const FarHistory& history, std::size_t delay,
              std::span<const float> error) noexcept SYRINX_REALTIME;
  void reset() noexcept SYRINX_REALTIME { filter_.reset(); }

 private:
  explicit QuickFilter(EchoFilter filter);

  EchoFilter filter_;
  SplitSpectrum error_;
  dsp::AlignedFloats step_;
  std::size_t next_constrained_ = 0;
};

}  // namespace syrinx::enhance
