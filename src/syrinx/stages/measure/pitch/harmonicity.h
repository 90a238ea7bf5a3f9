// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "syrinx/core/dsp/pitch/pitch_frames.h"

namespace syrinx::measure {

// The mean harmonics-to-noise ratio in dB of the frames, 10 ms apart, that are neither silent
// (under a tenth of the loudest) nor without any repetition; NaN when there is none. As Praat's "To
// Harmonicity (cc)" with one period per window.
double mean_harmonicity_db(const dsp::PitchSound& sound, double min_hz);

}  // namespace syrinx::measure
