// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "syrinx/stages/voice/profile/voice_profile.h"

namespace syrinx::voice {

// The ratio by which formants of `from` are moved to become those of `to`: 0.8 to 1.25, above 1 for
// a shorter vocal tract. That of F3 and F4 where both know theirs; otherwise that which makes the
// mean voiced spectra fit best, tilt left out, drawn to what pitch lets expect (a quarter of its
// octaves).
double formant_ratio(const VoiceProfile& from, const VoiceProfile& to);

// How two voices differ.
struct ProfileDistance {
  double f0_semitones = 0.0;     // By which `b` is higher.
  double f0_spread_ratio = 1.0;  // Deviation of log F0 of `b` over that of `a`.
  double mcd_db = 0.0;           // Between the mean voiced cepstra.
  double unvoiced_mcd_db = 0.0;
  double formant_ratio = 1.0;       // As formant_ratio(a, b).
  double tilt_db_per_octave = 0.0;  // By which `b` is brighter.
  // exp(-D / 2) of the mean D of two Bhattacharyya distances: that of the Gaussians of log F0, and
  // the sum over c1 to c24 of those of the voiced cepstra, divided by 4. 1 for equal voices. A
  // number about statistics: it does not recognise a person.
  double similarity = 1.0;
};

ProfileDistance compare_profiles(const VoiceProfile& a, const VoiceProfile& b);

}  // namespace syrinx::voice
