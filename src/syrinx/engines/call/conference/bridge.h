// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/engines/call/conference/ticked.h"
#include "syrinx/engines/call/session/media_session.h"

namespace syrinx::call {

// Two sessions, each of which hears the other: the way from one codec to another. Both run at one
// rate: that which the narrower codec has needs the least work.
class Bridge final : public Ticked {
 public:
  // The sessions outlive it. `tick_ms`: 10 or 20. Errors: kInvalidArgument for sessions of
  // different rates.
  static Result<std::unique_ptr<Bridge>> create(MediaSession& first, MediaSession& second,
                                                int tick_ms = 20);
  void tick(std::chrono::nanoseconds now) noexcept override SYRINX_REALTIME;

 private:
  Bridge(MediaSession& first, MediaSession& second, std::size_t frames);

  MediaSession& first_;
  MediaSession& second_;
  std::vector<float> from_first_;
  std::vector<float> from_second_;
};

}  // namespace syrinx::call
