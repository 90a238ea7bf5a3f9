// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/stages/measure/psychoacoustics/zwicker_loudness.h"

namespace syrinx::measure {

struct FluctuationStrength {
  static constexpr double kStepS = 1.0;
  double vacil = 0.0;             // The mean over the sound.
  std::vector<double> over_time;  // Of each 2 s, half of it overlapping the next.
};

// Fluctuation strength (slow modulation, most around 4 Hz) in the manner of A. Osses, R. Garcia and
// A. Kohlrausch, "Modelling the sensation of fluctuation strength", Proc. Mtgs. Acoust. 28 (2016):
// the roughness model with slower weights and other exponents. 1 vacil is 1 kHz at 60 dB, fully
// modulated at 4 Hz. The weight of modulation frequency is fitted to the six responses to modulated
// tones that the paper reports, so agreement there shows the fit and not the theory.
// Errors: kInvalidArgument for no or several channels, a non-finite sample or less than 2 s; and
// those of dsp::resample.
Result<FluctuationStrength> fluctuation_strength(AudioView mono, const Calibration& calibration);

}  // namespace syrinx::measure
