// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"

// How loud a result sounds, band by band, beside its source: a change of pitch moves harmonics into
// and out of critical bands and so makes a voice sharper or duller than was asked for.
namespace syrinx::conversion {

inline constexpr double kMostMatchLevelDb = 6.0;
inline constexpr double kMostMatchTiltDb = 3.0;  // Per octave.

// What a conversion was asked to do to the spectrum, so that it is not taken back.
struct AskedSpectrum {
  double formant_ratio = 1.0;
  double tilt_db_per_octave = 0.0;
};

struct LoudnessMatch {
  double level_db = 0.0;            // To be added to the result,
  double tilt_db_per_octave = 0.0;  // around 1 kHz.
  // The area between the two patterns of specific loudness over the area of the source's: 0 where
  // they sound as loud in every critical band, masking counted.
  double distance_before = 0.0;
  double distance_after = 0.0;
  std::size_t steps = 0;  // Patterns that were looked at.
};

// The level and tilt, within the bounds above, whose pattern of specific loudness (Zwicker's, ISO
// 532-1, stationary, of the mean power in third octaves) is nearest to the source's as it was asked
// to be. One after the other is searched by golden sections as long as the distance falls by more
// than a thousandth, at most eight times: it never rises. Of several channels the first is heard. A
// peak is not raised beyond full scale but by the tilt.
// Errors: kInvalidArgument for an empty sound, a ratio or a tilt that is not finite or a ratio not
// above 0; those of measure::third_octave_levels().
Result<LoudnessMatch> find_loudness_match(AudioView source, AudioView result,
                                          const AskedSpectrum& asked = {});

// Puts a match on all channels of a sound, in place. What goes beyond full scale stays beyond.
void apply_loudness_match(MutableAudioView audio, const LoudnessMatch& match);

}  // namespace syrinx::conversion
