// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <random>
#include <vector>

// Defects that voice conversion and vocoders make, put into speech at 16 kHz: of its spectrum, its
// phases and its periods.
namespace syrinx::bench {

using Random = std::minstd_rand;
using Samples = std::vector<float>;

// Three moments of 20 ms in voiced speech get the envelope of a moment elsewhere, exaggerated or
// softened to differ by `db` (root of the mean square over frequency), the level kept.
void swap_spectra(Samples& x, double db, Random& random);

// Amplitude modulation by a sine at 0.37 of the median pitch, between the harmonics, whose side
// bands have `db` of the speech's power.
void ring_modulate(Samples& x, double db);

// Moves each period of the voice, and scales it, so that `percent` of jitter is added, and 3.65
// times that of shimmer (the ratio of Praat's limits).
void perturb_periods(Samples& x, double percent, Random& random);

// From the middle on, the spectrum is tilted about 1 kHz by `db` per octave.
void tilt_second_half(Samples& x, double db);

// One of two, at random: channels that drift apart by `radians` (root of the mean square), as in a
// phase vocoder, or an all-pass whose delay rises by 4 ms per radian from 0 to 8 kHz.
void smear_phases(Samples& x, double radians, Random& random);

// Three moments of 20 ms in voiced speech whose envelope is stretched or shrunk by `percent`.
void warp_moments(Samples& x, double percent, Random& random);

// The same of three stretches of 150 ms.
void warp_vowels(Samples& x, double percent, Random& random);

}  // namespace syrinx::bench
