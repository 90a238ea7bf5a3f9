// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "syrinx/stages/text/normalise/en/reading.h"

// Letters and digits together; see Rule for what the function does.
namespace syrinx::text::en {

// "B2A23C", "covid19", "4x", "0t25d12": letters and digits without anything between.
bool serial_rule(const Reading& reading, std::size_t at, Match& match);
// "100s of people": "hundreds".
bool round_plural(const Reading& reading, std::size_t at, Match& match);
// "CO2", "H2SO4", "NaCl": chemical formulas.
bool formula_rule(const Reading& reading, std::size_t at, Match& match);
// "401(k)".
bool plan_rule(const Reading& reading, std::size_t at, Match& match);

}  // namespace syrinx::text::en
