// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "syrinx/core/dsp/pitch/f0_track.h"
#include "syrinx/core/dsp/pitch/pitch_frames.h"

namespace syrinx::dsp {

// The moments, in seconds, rising, at which periods of the voice begin: from the largest extremum
// in the middle of each voiced stretch outwards, each where a period's length of sound correlates
// best with its neighbour's, as Praat's "To PointProcess (cc)" does.
std::vector<double> glottal_pulses(const PitchSound& sound, const F0Track& f0);

}  // namespace syrinx::dsp
