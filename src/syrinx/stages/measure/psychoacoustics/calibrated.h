// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "syrinx/stages/measure/psychoacoustics/zwicker_loudness.h"

namespace syrinx::measure {

// The one channel of a sound in pascal, at 48 kHz. Errors: kInvalidArgument for no or several
// channels, no frame or a non-finite sample; and those of dsp::resample.
Result<std::vector<double>> pressure_at_48_khz(AudioView mono, const Calibration& calibration);

}  // namespace syrinx::measure
