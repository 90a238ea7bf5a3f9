// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"

namespace syrinx::measure {

struct Distortion {
  double tone_hz = 0.0;
  double tone_dbfs = 0.0;  // Peak of the sine; 0 is full scale.
  // The root of the sum of the harmonics' powers over the tone's amplitude.
  double thd_db = 0.0;
  // All that is not the tone, 20 Hz to the lesser of 20 kHz and half the rate, over all that is
  // there, as AES17 states it. The rounding of 32-bit samples alone leaves about -150 dB.
  double thd_n_db = 0.0;
  std::vector<double> harmonics_db;  // The 2nd, 3rd ... over the tone, those below that limit.

  double thd_percent() const noexcept;
  double thd_n_percent() const noexcept;
};

// Measures what a steady tone, the strongest there is, has been through: its first channel, the
// first power of two of frames, at most 2^20. Harmonics up to the 20th. A tone of at least
// twenty periods within that is measured to 0.01 dB. Errors: kInvalidArgument for an empty view, a
// rate outside limits.h, fewer than 256 frames, non-finite samples, or where no tone stands out
// (silence, a constant, fewer than twenty periods).
Result<Distortion> measure_distortion(AudioView audio);

}  // namespace syrinx::measure
