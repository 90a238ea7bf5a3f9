// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "syrinx/core/base/result.h"
#include "syrinx/core/dsp/pitch/f0_track.h"
#include "syrinx/core/flow/audio.h"

namespace syrinx::dsp {

// F0 of the mean of all channels by the autocorrelation of Hann-windowed frames of three periods of
// min_hz, divided by that of the window, and the cheapest path through the candidates (Boersma
// 1993): the method, constants and frames of Praat's "To Pitch (ac)". `voicing` is the
// autocorrelation. The highest pitch may be half the rate. Frames and errors as pyin_f0.
Result<F0Track> autocorrelation_f0(AudioView audio, const F0Options& options = {});

}  // namespace syrinx::dsp
