// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>

#include "syrinx/core/base/result.h"

namespace syrinx::bench {

// What the formant measure says where the truth is known: vowels of five known formants, spoken at
// one pitch, spoken at another (a perfect move of F0), and moved there by our high mode. Where the
// perfect move seems to shift a formant, the measure errs: it sees the envelope at the harmonics
// alone, and of a high voice few of them. Prints a table: medians over the vowels, in percent.
Result<nlohmann::json> judge_the_judge();

}  // namespace syrinx::bench
