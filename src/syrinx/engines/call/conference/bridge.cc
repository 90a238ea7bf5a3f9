// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/call/conference/bridge.h"

namespace syrinx::call {

Result<std::unique_ptr<Bridge>> Bridge::create(MediaSession& first, MediaSession& second,
                                               int tick_ms) {
  if (first.sample_rate_hz() != second.sample_rate_hz())
    return make_error(ErrorCode::kInvalidArgument, "a bridge between sessions at ",
                      first.sample_rate_hz(), " and ", second.sample_rate_hz(),
                      " Hz; make both with the same sample_rate_hz");
  if (tick_ms != 10 && tick_ms != 20)
    return make_error(ErrorCode::kInvalidArgument, "a bridge that ticks every ", tick_ms,
                      " ms; 10 or 20 can be");
  const auto frames = first.block_frames() * static_cast<std::size_t>(tick_ms / 10);
  return std::unique_ptr<Bridge>(new Bridge(first, second, frames));
}

Bridge::Bridge(MediaSession& first, MediaSession& second, std::size_t frames)
    : first_(first), second_(second), from_first_(frames), from_second_(frames) {}

void Bridge::tick(std::chrono::nanoseconds now) noexcept {
  first_.pull(now, from_first_);
  second_.pull(now, from_second_);
  first_.push(now, from_second_);
  second_.push(now, from_first_);
}

}  // namespace syrinx::call
