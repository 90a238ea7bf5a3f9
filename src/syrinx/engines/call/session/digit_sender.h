// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "syrinx/core/base/spsc_queue.h"
#include "syrinx/stages/codec/telephone_event.h"

namespace syrinx::call {

// Digits that wait, and the telephone-events that they become, one after another. One thread asks,
// one sends.
class DigitSender {
 public:
  DigitSender() : waiting_(64) {}

  struct Digit {
    std::uint8_t event = 0;
    std::uint16_t tone_ms = 100;
    std::uint16_t pause_ms = 60;
  };
  // All or none. The asking thread.
  bool ask(std::span<const Digit> digits) noexcept {
    if (waiting_.capacity() - waiting_.size() < digits.size()) return false;
    waiting_.write(digits);
    return true;
  }

  // Another RTP clock: what is pressed is let go. The sending thread, as all below.
  void set_clock(int clock_rate_hz) noexcept SYRINX_REALTIME {
    clock_rate_hz_ = clock_rate_hz;
    sender_ = codec::EventSender();
    held_ = false;
    paused_ = false;
  }
  // What is to be sent instead of sound at this RTP time, once per packet.
  std::optional<codec::EventPacket> next(std::uint32_t timestamp) noexcept SYRINX_REALTIME {
    if (held_ && reached(timestamp, release_at_)) {
      sender_.release(release_at_);
      held_ = false;
    }
    if (!held_ && !sender_.active() && (!paused_ || reached(timestamp, free_at_))) press(timestamp);
    return sender_.next(timestamp);
  }

 private:
  static bool reached(std::uint32_t now, std::uint32_t time) noexcept {
    return static_cast<std::int32_t>(now - time) >= 0;
  }
  std::uint32_t ticks(int ms) const noexcept {
    return static_cast<std::uint32_t>(static_cast<std::int64_t>(ms) * clock_rate_hz_ / 1'000);
  }
  void press(std::uint32_t timestamp) noexcept {
    Digit digit;
    paused_ = false;
    if (waiting_.read(std::span(&digit, 1)) == 0) return;
    sender_.press(digit.event, -10, timestamp);
    held_ = true;
    paused_ = true;
    release_at_ = timestamp + ticks(digit.tone_ms);
    free_at_ = release_at_ + ticks(digit.pause_ms);
  }

  SpscQueue<Digit> waiting_;
  codec::EventSender sender_;
  int clock_rate_hz_ = 8'000;
  bool held_ = false;
  bool paused_ = false;  // free_at_ counts.
  std::uint32_t release_at_ = 0;
  std::uint32_t free_at_ = 0;
};

}  // namespace syrinx::call
