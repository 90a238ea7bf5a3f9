// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "syrinx/core/base/result.h"
#include "syrinx/stages/effects/chain_spec.h"

// The JSON form of a chain of effects:
//   {"effects": [{"effect": "compressor", "parameters": {"ratio": 4, "detector": "rms"},
//                 "bypass": false, "mix": 1,
//                 "automation": {"threshold_db": [{"time_s": 0, "value": -20, "curve":
//                 "linear"}]}},
//                {"effect": "convolution", "impulse": "hall.wav"},
//                {"effect": "position", "sofa": "head.sofa"}]}
// Only "effects" and each "effect" are required. A parameter that is a choice takes the choice's
// name or its number. Curves are "linear" (if none is given), "exponential" and "step".
namespace syrinx::cli {

// Errors: kCorruptData for what is not JSON, with line and column; kInvalidArgument, kNotFound and
// kLimitExceeded as effects::validate, and for unknown keys and wrong types, with the place of the
// mistake, as "effects[2].parameters.ratio".
Result<effects::ChainSpec> parse_chain_json(std::string_view text);

// The same again, indented, choices by name; parse_chain_json() reads it back.
std::string to_json(const effects::ChainSpec& spec);

}  // namespace syrinx::cli
