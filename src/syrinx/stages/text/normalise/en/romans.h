// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "syrinx/stages/text/normalise/en/reading.h"

namespace syrinx::text::en {

// Roman numerals where their neighbours say that they are numbers: "Chapter IV", "World War II",
// "Henry VIII". See Rule.
bool roman_rule(const Reading& reading, std::size_t at, Match& match);

}  // namespace syrinx::text::en
