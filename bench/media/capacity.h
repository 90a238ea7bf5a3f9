// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"

// How many calls fit into a tick. Times are those of one thread on its processor (what others took
// of the machine does not count), so two threads carry twice as many.
namespace syrinx::bench {

struct TickCost {
  std::size_t legs = 0;
  double p50_ms = 0.0;  // Of a tick of 20 ms of one thread.
  double p99_ms = 0.0;
  double wall_p99_ms = 0.0;  // By the clock on the wall, whatever else the machine did.
  double allocations_per_tick = 0.0;
  double bytes_per_leg = 0.0;
  std::uint64_t packets_sent = 0;
  std::uint64_t packets_due = 0;
};

// `calls` bridges between PCMU and Opus, two legs each, for this many ticks after the first second.
Result<TickCost> transcode_cost(std::size_t calls, int complexity, std::size_t ticks,
                                const AudioBuffer& speech);

// A room of `legs`, of which the first so many speak, with three mixed; half of the legs Opus,
// half PCMU.
Result<TickCost> conference_cost(std::size_t legs, std::size_t speaking, int complexity,
                                 std::size_t ticks, const AudioBuffer& speech);

// The same of libopus alone: as many encoders and decoders as transcode_cost() has, with the same
// speech, one after another in each tick. The median, in milliseconds.
Result<double> libopus_alone_ms(std::size_t calls, int complexity, std::size_t ticks,
                                const AudioBuffer& speech);

// Hours of a call between PCMU and Opus over a network of 40 ms and 10 ms of jitter, senders that
// run 60 ppm fast and slow, on a virtual clock: true where delay, memory and sound stayed.
Result<bool> long_call(double hours, const AudioBuffer& speech);

}  // namespace syrinx::bench
