// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <stop_token>
#include <string_view>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"
#include "syrinx/core/flow/stream.h"

// How somebody speaks: pitch, melody, pace and dynamics as numbers.
namespace syrinx::conversion {

struct Prosody {
  double seconds = 0.0;
  double voiced_s = 0.0;
  double f0_median_hz = 0.0;        // 0 where nothing is voiced.
  double f0_range_semitones = 0.0;  // From the tenth to the ninetieth percentile of voiced frames.
  // Syllable nuclei a second, pauses counted in: peaks of the level that dips of 2 dB set apart and
  // that are voiced (de Jong and Wempe 2009). It counts fewer than a person would, of every voice.
  double syllables_per_s = 0.0;
  double pause_share = 0.0;  // Of time that is 25 dB and more below the loud parts.
  double level_db = 0.0;     // Median level of voiced frames; a full-scale sine is -3 dB.
  // From the tenth to the ninetieth percentile of the levels of voiced frames.
  double dynamics_db = 0.0;
  double tilt_db = 0.0;  // Level of voiced sound above 1 kHz over that below.
};

// Less voiced sound than this says nothing about how somebody speaks.
inline constexpr double kLeastVoicedS = 0.5;

// Frames of 10 ms, to be summed up over any stretch.
struct ProsodyFrame {
  float f0_hz = 0.0f;  // 0: unvoiced.
  float level_db = -120.0f;
  float tilt_db = 0.0f;
};
inline constexpr double kProsodyHopS = 0.01;

// Hears a stream to its end; 12 bytes are kept for each 10 ms, so an hour takes 5 MB. Channels are
// mixed. Errors: the source's; those of StreamingF0 for its rate; kLimitExceeded beyond a day.
Result<std::vector<ProsodyFrame>> hear_prosody(AudioSource& source,
                                               const std::stop_token& stop = {});
Prosody summarise(std::span<const ProsodyFrame> frames);

// A stretch that is unlike the rest of a long sound.
struct StyleDeviation {
  double begin_s = 0.0;
  double end_s = 0.0;
  std::string_view what;    // "f0_median", "f0_range", "pace", "level", "dynamics" or "tilt".
  double value = 0.0;       // In the unit of `unit`; the pitch as semitones from the usual.
  double usual = 0.0;       // The median over all stretches.
  double deviations = 0.0;  // How many robust deviations (1.4826 times the median one) away.
  std::string_view unit;
};

// How evenly a long sound is spoken.
struct StyleConsistency {
  double stretch_s = 10.0;
  std::size_t stretches = 0;               // With enough voiced sound to say something.
  std::vector<StyleDeviation> deviations;  // In order of time.
};

// Compares stretches of 10 s, each 5 s after the one before, with the median of all. A deviation is
// at least 4 robust deviations away and so far that it can be heard: 2 semitones, 3 semitones of
// range, a quarter of the pace, 4 dB of level or dynamics, 3 dB of tilt. With fewer than 5
// stretches nothing is compared.
StyleConsistency style_consistency(std::span<const ProsodyFrame> frames);

}  // namespace syrinx::conversion
