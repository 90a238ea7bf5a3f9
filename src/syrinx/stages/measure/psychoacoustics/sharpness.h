// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "syrinx/core/base/result.h"
#include "syrinx/stages/measure/psychoacoustics/zwicker_loudness.h"

namespace syrinx::measure {

// Sharpness in acum by DIN 45692:2009: the centre of gravity of the specific loudness, high bands
// weighted more. 0 for a sound that is not audible.
// Pre: specific_sone_per_bark has kSpecificLoudnessSteps values.
double sharpness_acum(std::span<const double> specific_sone_per_bark) noexcept;
// Of a stationary sound. Errors: as stationary_loudness.
Result<double> sharpness_acum(AudioView mono, const Calibration& calibration);

}  // namespace syrinx::measure
