// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"
#include "syrinx/stages/measure/call/call_causes.h"

namespace syrinx::measure {

struct EchoSearch {
  CallEcho echo;
  std::vector<CallStretch> when;  // Where it stands out most.
};

// The longest way there and back that is looked for.
inline constexpr double kMostEchoDelayMs = 2'000.0;

// Looks for what somebody said in what they heard: cross-correlation of both, each frequency
// counting about the same, summed over pieces of 8 s (32 of a longer call). Found is a lag that
// stands out from all others twelvefold. The loss is that of the strongest path alone: where a room
// spreads the echo it is stronger than said.
// Errors: kInvalidArgument for rates that differ or more than one channel.
Result<EchoSearch> find_own_voice(AudioView said, AudioView heard);

}  // namespace syrinx::measure
