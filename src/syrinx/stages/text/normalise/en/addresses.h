// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "syrinx/stages/text/normalise/en/reading.h"

// Postal addresses; see Rule for what the functions do.
namespace syrinx::text::en {

// "708 N 1st St", up to the kind of street.
bool street_address(const Reading& reading, std::size_t at, Match& match);
// "CA 95051" after a comma, "Austin, TX": the state and its ZIP code, at the code.
bool state_rule(const Reading& reading, std::size_t at, Match& match);

}  // namespace syrinx::text::en
