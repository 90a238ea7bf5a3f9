// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "syrinx/core/base/result.h"
#include "syrinx/stages/voice/world/voice_frames.h"

namespace syrinx::voice {

// How frequencies move when a vocal tract gets shorter or longer.
enum class WarpKind {
  kPiecewise,  // In proportion up to about 0.85 of half the rate, then straight to half the rate.
  kBilinear,   // The all-pass warp of first order: in proportion near 0, half the rate stays.
};

// The frequency of the old spectrum whose value the new one has at `hz`, when formants are to stand
// at `ratio` times their frequencies. Rises with hz; 0 and half the rate stay.
double warp_source_hz(WarpKind kind, double ratio, double hz, double nyquist_hz) noexcept;

// Reads `power` at the frequencies that are moved by `ratio`, between bins along straight lines.
// Pre: both have the bins of a spectrum to half the rate.
void warp_power(WarpKind kind, double ratio, std::span<const float> power,
                std::span<float> warped) noexcept;

// What frames can be made to be. The values that stand here change nothing.
struct FrameChange {
  double f0_ratio = 1.0;       // 0.25 to 4.
  double f0_spread = 1.0;      // 0 to 3: how far log F0 departs from its mean, against before.
  double formant_ratio = 1.0;  // 0.5 to 2.
  WarpKind warp = WarpKind::kPiecewise;
  double tilt_db_per_octave = 0.0;  // -12 to 12, around 1 kHz.
  double noise = 0.0;  // -1 to 1: the way of each aperiodicity towards 1, or, below 0, towards 0.
};

// Changes all frames in place. F0 stays within 20 Hz and a quarter of the rate. Errors:
// kInvalidArgument for a change out of its range, or as check_frames(); nothing is changed then.
Result<void> change_frames(VoiceFrames& frames, const FrameChange& change);

}  // namespace syrinx::voice
