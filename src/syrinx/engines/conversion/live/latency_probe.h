// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <span>
#include <vector>

#include "syrinx/core/base/realtime.h"
#include "syrinx/core/base/result.h"

namespace syrinx::conversion {

// What a loop takes, from going in at the microphone's place to coming back at the microphone.
struct LatencyMeasure {
  double median_ms = 0.0;
  double least_ms = 0.0;
  double most_ms = 0.0;
  std::size_t found = 0;  // Bursts that came back,
  std::size_t sent = 0;   // of so many.
};

// Measures the delay of everything between a microphone and itself by way of the loudspeaker: puts
// bursts of noise, which correlate with nothing but themselves, in place of what is captured, and
// looks for them in what is captured later. The loop must be closed: a cable, a loudspeaker near
// the microphone, or a sink whose monitor is recorded.
class LatencyProbe {
 public:
  // `bursts` of 50 ms, one a second: delays of up to 0.9 s are found. Takes memory.
  // Errors: kInvalidArgument for a rate or channels outside limits.h, or bursts not 1 to 600.
  static Result<LatencyProbe> create(int sample_rate_hz, std::size_t channels, std::size_t bursts);
  LatencyProbe(LatencyProbe&& other) noexcept;

  // Takes in what was captured, and puts the probe in its place. Interleaved, whole frames. The
  // device's thread.
  void exchange(std::span<float> captured) noexcept SYRINX_REALTIME;
  // Whether all has been recorded. Any thread.
  bool finished() const noexcept { return finished_.load(std::memory_order_acquire); }
  std::size_t frames() const noexcept { return recorded_.size(); }  // That the probe lasts.

  // Looks for the bursts. Pre: finished(), and exchange() is no longer called. Error: kUnavailable
  // when fewer than half of them came back.
  Result<LatencyMeasure> measure() const;

 private:
  LatencyProbe() = default;
  // Where the burst begins in `heard`, in frames; negative when it is not there.
  double find(std::span<const float> heard) const;

  int sample_rate_hz_ = 0;
  std::size_t channels_ = 0;
  std::vector<float> burst_;
  std::vector<float> recorded_;
  std::size_t at_ = 0;
  std::atomic<bool> finished_{false};
};

}  // namespace syrinx::conversion
