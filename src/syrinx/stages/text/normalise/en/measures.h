// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "syrinx/stages/text/normalise/en/reading.h"

// Quantities with their units; see Rule for what the functions do.
namespace syrinx::text::en {

// "12kg", "4 1/2 lbs", "5-10 km/h", "20 °C", "5%", "7.2-mm".
bool measure_rule(const Reading& reading, std::size_t at, Match& match);
// "10x20 cm", "2 × 3 × 4 m".
bool dimensions(const Reading& reading, std::size_t at, Match& match);
// "5'11\"", "6 ft 2 in".
bool feet_and_inches(const Reading& reading, std::size_t at, Match& match);
// "/km²" after anything else: "per square kilometer".
bool per_unit(const Reading& reading, std::size_t at, Match& match);

}  // namespace syrinx::text::en
