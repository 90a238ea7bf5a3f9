// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"
#include "syrinx/core/flow/mel.h"

namespace syrinx::vocoder {

// A second and a half that goes where speech goes: vowels whose pitch moves, hisses, bursts and
// silence, made by pulses and noise through four resonances (Klatt 1980, "Software for a
// cascade/parallel formant synthesizer"), its highest sample 1.5 times full scale, so that its mels
// are as loud as any recording's. Always the same samples. Networks are calibrated on it.
AudioBuffer calibration_speech(int sample_rate_hz);

// Its mel. Errors: as dsp::analyse_mel.
Result<Mel> calibration_mel(const MelSpec& spec);

}  // namespace syrinx::vocoder
