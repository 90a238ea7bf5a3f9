// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/stages/measure/psychoacoustics/zwicker_loudness.h"

namespace syrinx::measure {

struct Roughness {
  static constexpr double kStepS = 0.1;
  double asper = 0.0;             // The mean over the sound.
  std::vector<double> over_time;  // Of each 200 ms, half of it overlapping the next.
};

// Roughness (fast modulation, most around 70 Hz) by P. Daniel and R. Weber, "Psychoacoustical
// roughness: implementation of an optimized model", Acustica 83 (1997). 1 asper is 1 kHz at 60 dB,
// fully modulated at 70 Hz. Errors: kInvalidArgument for no or several channels, a non-finite
// sample or less than 200 ms; and those of dsp::resample.
Result<Roughness> roughness(AudioView mono, const Calibration& calibration);

}  // namespace syrinx::measure
