// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>

#include "syrinx/core/base/realtime.h"

// One period of speech taken out or put in so that nobody hears it (WSOLA: Verhelst & Roelands
// 1993; as in NetEQ's accelerate and preemptive expand). No state.
namespace syrinx::packet {

// The frames of speech that a change looks at: 30 ms.
std::size_t stretch_window_frames(int sample_rate_hz) noexcept;

// A place where the sound repeats itself after `lag` frames.
struct Period {
  std::size_t lag = 0;
  float likeness = 0.0f;  // Normalised correlation, -1 to 1.
  bool quiet = false;     // So quiet that any lag will do.
};
// The best lag, 2.5 to 12.5 ms, of the first stretch_window_frames() of `speech`. Pre: it has them.
Period find_period(std::span<const float> speech, int sample_rate_hz) noexcept SYRINX_REALTIME;

// Takes out `lag` frames at the beginning of `frames` by a cross-fade. Returns how many are left,
// at the front of `frames`. Pre: frames.size() >= 2 * lag.
std::size_t remove_period(std::span<float> frames, std::size_t lag) noexcept SYRINX_REALTIME;

// Puts in `lag` frames: the first `used` frames grow to used + lag. `frames` has room for them at
// its end. Returns used + lag. Pre: used >= 2 * lag, frames.size() >= used + lag.
std::size_t insert_period(std::span<float> frames, std::size_t used,
                          std::size_t lag) noexcept SYRINX_REALTIME;

}  // namespace syrinx::packet
