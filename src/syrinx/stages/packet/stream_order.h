// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "syrinx/stages/packet/unwrap.h"

namespace syrinx::packet {

// Where packets stand on one line of media time, whatever their source, wraps and clocks. Positions
// are in frames of the receiver's rate. One thread.
class StreamOrder {
 public:
  explicit StreamOrder(int sample_rate_hz) noexcept : sample_rate_hz_(sample_rate_hz) {}

  struct Place {
    std::int64_t order = 0;
    std::int64_t position = 0;
  };

  bool started() const noexcept { return started_; }
  std::uint32_t ssrc() const noexcept { return ssrc_; }
  int clock_rate_hz() const noexcept { return clock_rate_hz_; }

  // Begins a line, or goes on with it from a packet whose media time does not follow: it stands at
  // `place`.
  void begin(std::uint32_t ssrc, int clock_rate_hz, std::uint16_t sequence, std::uint32_t timestamp,
             Place place) noexcept {
    started_ = true;
    ssrc_ = ssrc;
    clock_rate_hz_ = clock_rate_hz;
    sequences_.reset();
    timestamps_.reset();
    first_sequence_ = sequences_.unwrap(sequence);
    first_timestamp_ = timestamps_.unwrap(timestamp);
    first_ = place;
  }
  // Pre: started(), of ssrc() and clock_rate_hz().
  Place place(std::uint16_t sequence, std::uint32_t timestamp) noexcept {
    const std::int64_t ticks = timestamps_.unwrap(timestamp) - first_timestamp_;
    return {order(sequence), first_.position + ticks * sample_rate_hz_ / clock_rate_hz_};
  }
  std::int64_t order(std::uint16_t sequence) noexcept {
    return first_.order + sequences_.unwrap(sequence) - first_sequence_;
  }
  void reset() noexcept { started_ = false; }

 private:
  int sample_rate_hz_;
  bool started_ = false;
  std::uint32_t ssrc_ = 0;
  int clock_rate_hz_ = 8'000;
  SequenceUnwrapper sequences_;
  TimestampUnwrapper timestamps_;
  std::int64_t first_sequence_ = 0;
  std::int64_t first_timestamp_ = 0;
  Place first_;
};

}  // namespace syrinx::packet
