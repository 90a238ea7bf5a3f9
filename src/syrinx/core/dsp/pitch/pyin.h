// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "syrinx/core/base/result.h"
#include "syrinx/core/dsp/pitch/f0_track.h"
#include "syrinx/core/flow/audio.h"

namespace syrinx::dsp {

// F0 of the mean of all channels by the method of pYIN (Mauch and Dixon 2014): each frame (three
// periods of min_hz, Hann-weighted) has candidates, each with the probability, over YIN thresholds
// of beta distribution (2, 18), of being the first trough under the threshold; a hidden Markov
// model of pitches 10 cents apart, voiced and unvoiced, makes one track of them. Looks at the whole
// sound: not for live use. Frames are centred in the sound, as far as whole windows reach; sound
// shorter than a window has one frame. Non-finite samples count as 0. `voicing` is the probability
// of all candidates together. Rates above 48 kHz are analysed at 48 kHz. Errors: kInvalidArgument
// for an empty view, a rate outside limits.h, or options that validate() refuses.
Result<F0Track> pyin_f0(AudioView audio, const F0Options& options = {});

}  // namespace syrinx::dsp
