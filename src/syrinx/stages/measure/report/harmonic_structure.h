// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "syrinx/core/base/result.h"
#include "syrinx/core/dsp/pitch/f0_track.h"
#include "syrinx/core/flow/audio.h"

namespace syrinx::measure {

// The power near a voice's harmonics over that between them, in three bands; NaN where the rate
// leaves none of a band.
struct HarmonicStructure {
  double low_db = 0.0;   // 0 to 1 kHz.
  double mid_db = 0.0;   // 1 to 3 kHz.
  double high_db = 0.0;  // 3 to 6 kHz.
};

// The medians over stretches of sixteen periods in which the pitch stays within 1.5 %, as
// harmonic_bands() measures them; spread over the sound where there are many. Errors:
// kInvalidArgument where the pitch is nowhere as steady, and those of harmonic_bands().
Result<HarmonicStructure> harmonic_structure(AudioView mono, const dsp::F0Track& f0);

}  // namespace syrinx::measure
