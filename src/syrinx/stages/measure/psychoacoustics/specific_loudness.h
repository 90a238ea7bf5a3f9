// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <span>

#include "syrinx/stages/measure/psychoacoustics/zwicker_loudness.h"
#include "syrinx/stages/measure/psychoacoustics/zwicker_tables.h"

// The two steps of ISO 532-1 that both its methods share.
namespace syrinx::measure::zwicker {

using CoreLoudness = std::array<double, kCoreBands>;

// Third-octave levels to the core loudness of each critical band, in sone/Bark (A.3 to A.7).
CoreLoudness core_loudness(std::span<const double> levels_db, SoundField field) noexcept;

// Attaches the upper slopes of masking (A.8, A.9). Returns the area under the pattern, in sone, and
// writes the pattern, unless `specific` is empty. Pre: it is, or has kSpecificLoudnessSteps values.
double spread(const CoreLoudness& core, std::span<double> specific) noexcept;

}  // namespace syrinx::measure::zwicker
