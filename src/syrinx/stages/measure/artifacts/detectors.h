// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "syrinx/stages/measure/artifacts/features.h"

// One detector per file. Each gives hops_of(signal) scores; 0 or less where it has nothing to say.
// Signals are finite and not empty.
namespace syrinx::measure::artifacts {

Scores click_scores(Signal signal);          // dB over the LPC residual nearby.
Scores discontinuity_scores(Signal signal);  // dB, likewise, of a short predictor.
Scores energy_spike_scores(Signal signal);   // dB over the loudest 5 ms nearby.
Scores loudness_jump_scores(Signal signal);  // dB between the speech before and after.
Scores octave_jump_scores(Signal signal);    // 0 to 1: how like an octave.
Scores metallic_scores(Signal signal);       // dB of ripple in the mean spectrum.
Scores buzz_scores(Signal signal);           // 0 to 1: periodicity above 4 kHz.
Scores high_noise_scores(Signal signal);     // dB over -80 dB below the speech.
Scores consonant_loss_scores(Signal signal, Signal reference);  // dB.
Scores crosstalk_scores(Signal left, Signal right);             // Correlation peak over its mean.
Scores spectral_jump_scores(Signal signal);                     // dB per band, out and back.
Scores interharmonic_scores(Signal signal);                     // dB over a millionth of the voice.
Scores irregular_voice_scores(Signal signal);  // Jitter and shimmer over Praat's limits.
Scores tilt_change_scores(Signal signal);      // dB per octave.
Scores phase_smear_scores(Signal signal);      // dB: 10 is no pulse at all.
Scores formant_jump_scores(Signal signal);     // dB that moving the resonances back explains.
Scores vowel_drift_scores(Signal signal, Signal reference);  // Per cent of F1 and F2.

}  // namespace syrinx::measure::artifacts
