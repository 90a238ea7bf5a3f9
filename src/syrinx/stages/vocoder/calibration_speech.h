// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"
#include "syrinx/core/flow/mel.h"

namespace syrinx::vocoder {

// Three seconds that go where speech goes: vowels whose pitch moves, hisses, bursts and
// silence, made by pulses and noise through four resonances (Klatt 1980, "Software for a
// cascade/parallel formant synthesizer"). Reaches full scale. Always the same samples. Networks are
// calibrated on it where there is no recording.
AudioBuffer calibration_speech(int sample_rate_hz);

// The mel of the first channel of `speech`, six seconds of it at most, brought to full scale so
// that nothing louder comes later; of calibration_speech() where it is null. Errors:
// kInvalidArgument for less than half a second or nothing but silence; as dsp::resample and
// dsp::analyse_mel.
Result<Mel> calibration_mel(const MelSpec& spec, const AudioBuffer* speech = nullptr);

}  // namespace syrinx::vocoder
