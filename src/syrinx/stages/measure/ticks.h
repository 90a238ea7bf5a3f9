// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

// Where an axis has its marks and what they say.
namespace syrinx::measure {

// The least of 1, 2 or 5 times a power of ten that puts at most `most` ticks on `range`. Pre: both
// above 0.
double tick_step(double range, double most);

// `value` with as many decimals as `step` needs.
std::string tick_label(double value, double step);

}  // namespace syrinx::measure
