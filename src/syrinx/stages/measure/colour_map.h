// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include "syrinx/core/flow/image.h"

namespace syrinx::measure {

// From near black through violet, red and orange to pale yellow, 256 steps. Computed in Oklab (B.
// Ottosson, 2020) with lightness rising evenly, so that equal steps in level look equal, in grey
// and to the colour-blind too.
const std::array<Colour, 256>& heat_colours();

// An Oklch colour (lightness 0-1, chroma, hue in degrees), its chroma reduced until sRGB has it.
Colour oklch(double lightness, double chroma, double hue_degrees) noexcept;

}  // namespace syrinx::measure
