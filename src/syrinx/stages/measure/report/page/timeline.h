// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"

namespace syrinx::measure::html {

// A sound on the time line of several.
struct PlacedSound {
  AudioBuffer audio;         // From the line's beginning to its end, silence where it is not.
  double delay_s = 0.0;      // How much later its content is than the first's.
  double correlation = 1.0;  // With the first after alignment.
  bool aligned = true;       // Otherwise it has nothing in common with the first: both begin at 0.
  double gain_db = 0.0;      // 0 or less: what makes it as loud as the quietest of all.
};

// Two sounds that correlate less than this after alignment are not the same thing.
inline constexpr double kLeastCorrelation = 0.2;

// Brings sounds to one rate (the highest, at most 96 kHz) and at most two channels, and moves each
// so that its content lies where that of the first does. Loudness is that of BS.1770; a sound that
// has none keeps gain 0. Errors: kInvalidArgument for no sounds or one without frames.
Result<std::vector<PlacedSound>> place_on_timeline(std::span<const AudioView> sounds);

}  // namespace syrinx::measure::html
