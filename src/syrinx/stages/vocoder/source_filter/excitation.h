// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "syrinx/core/base/realtime.h"

// What a source-filter vocoder filters: pulses where there is voice, and noise.
namespace syrinx::vocoder {

// White noise of unit power between -1.73 and 1.73: the sample at `place` of an utterance is a hash
// of the place (the finalizer of SplitMix64, Steele, Lea and Flood 2014), so that it is the same
// wherever one begins.
float noise_at(std::uint64_t place) noexcept SYRINX_REALTIME;

// A train of pulses of unit power, a hop at a time: the sum of the cosines below 10 kHz, in closed
// form. Within a hop F0 moves in a straight line. Every stretch of voice begins half way between
// two pulses, so that no error outlives it. One stream, one thread.
class PulseTrain {
 public:
  explicit PulseTrain(double sample_rate_hz) noexcept : rate_hz_(sample_rate_hz) {}

  // The hop of a frame from the F0 in Hz of the frames before it, its own and that of the one
  // behind it; 0 where there is no voice, or no frame.
  void make(double before, double f0, double after, std::span<float> out) noexcept SYRINX_REALTIME;

 private:
  double rate_hz_;
  double cycles_ = 0;  // Since half a cycle before the voice began.
};

}  // namespace syrinx::vocoder
