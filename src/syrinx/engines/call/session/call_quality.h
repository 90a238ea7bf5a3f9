// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "syrinx/core/base/realtime.h"
#include "syrinx/engines/call/session/session_values.h"

namespace syrinx::call {

// What the E-model (ITU-T G.107) says of a codec, by its name in SDP, whose losses are concealed:
// nothing for those of which G.113 states no numbers (Opus, G.722), and no score of a conversation
// without a delay. `burst_ratio` >= 1.
HeardQuality estimate_quality(std::string_view codec, double loss_percent, double burst_ratio,
                              std::optional<double> mouth_to_ear_ms) noexcept SYRINX_REALTIME;

}  // namespace syrinx::call
