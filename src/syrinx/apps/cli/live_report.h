// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "syrinx/engines/conversion/live/live_conversion.h"

namespace syrinx::cli {

// A change of level while it ran.
struct LiveStep {
  double time_s = 0.0;
  conversion::LiveLevel level = conversion::LiveLevel::kBalanced;
};

// The figures as JSON: {level, bypassed, load, latency: {...}, counts: {...}}.
nlohmann::json to_json(const conversion::LiveSnapshot& shot);
nlohmann::json to_json(const std::vector<LiveStep>& steps);

// One line for a terminal: "in [=====     ] -12 dB  out ... 34 ms  load 12 %  balanced".
std::string meter_line(const conversion::LiveSnapshot& shot);
// What is said at the end: a sentence or two.
std::string summary(const conversion::LiveSnapshot& shot, int sample_rate_hz);

}  // namespace syrinx::cli
