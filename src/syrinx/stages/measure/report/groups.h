// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "syrinx/core/flow/audio.h"
#include "syrinx/stages/measure/report/sound_report.h"

// Each fills one group of the report. Pre: a sound that report_sound() takes.
namespace syrinx::measure {

// The pitches that are sought at a rate.
F0Options report_f0_options(int sample_rate_hz);

void report_level(AudioView audio, SoundReport& report);
void report_loudness(AudioView audio, SoundReport& report);  // And the curve.
void report_speech(AudioView mono, SoundReport& report);     // And the F0 track.
void report_opinion(AudioView mono, SoundReport& report);
void report_artifacts(AudioView audio, SoundReport& report);
// Pre: the rates agree.
void report_reference(AudioView mono, AudioView reference, SoundReport& report);

}  // namespace syrinx::measure
