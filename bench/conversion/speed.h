// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"

namespace syrinx::bench {

// For each mode: the latency that an impulse shows, the real-time factor of one stream and of 25 at
// once on one thread in blocks of 10 ms, and the slowest block. Prints a table.
Result<nlohmann::json> measure_speed(AudioView voice);

}  // namespace syrinx::bench
