// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "syrinx/core/flow/audio.h"
#include "syrinx/stages/measure/report/sound_report.h"

// Each fills one group of the report. Pre: a sound that report_sound() takes.
namespace syrinx::measure {

// The pitches that are sought at a rate.
dsp::F0Options report_f0_options(int sample_rate_hz);

void report_level(AudioView audio, SoundReport& report);
void report_loudness(AudioView audio, SoundReport& report);  // And the curve.
// These three look at report.f0, which has frames unless it could not be tracked.
void report_speech(AudioView mono, SoundReport& report);
void report_spectrum(AudioView audio, SoundReport& report);
void report_voice(AudioView mono, SoundReport& report);

// `reference`: a clean version at the same rate, not yet aligned; null for none.
void report_artifacts(AudioView audio, const AudioBuffer* reference, SoundReport& report);
// And the alignment. Pre: the rates agree.
void report_reference(AudioView mono, AudioView reference, SoundReport& report);

// From the figures and artifacts that are there already.
void report_quality(SoundReport& report);

void report_psychoacoustics(AudioView mono, const Calibration& calibration, SoundReport& report);
void report_opinion(AudioView mono, const std::optional<EchoScene>& echo, SoundReport& report);

}  // namespace syrinx::measure
