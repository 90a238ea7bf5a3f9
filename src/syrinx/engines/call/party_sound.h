// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"
#include "syrinx/engines/call/scenario.h"

namespace syrinx::call {

// What a party says, as one channel of this rate: what was spoken for them, or else their file's.
// Errors: those of reading it; kInvalidArgument for a file with no sound in it, and for a text that
// nobody has spoken.
Result<AudioBuffer> read_party_sound(const Party& party, int sample_rate_hz);

}  // namespace syrinx::call
