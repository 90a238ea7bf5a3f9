// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "syrinx/core/flow/audio_check.h"

namespace syrinx::measure {

// 10 log10; minus infinity for 0.
double power_db(double power) noexcept;

// The value below which `share` (0 to 1) of the sorted values lie, between the two nearest ranks in
// proportion. Pre: not empty.
double percentile_of_sorted(const std::vector<double>& sorted, double share) noexcept;

}  // namespace syrinx::measure
