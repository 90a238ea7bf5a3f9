// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"

namespace syrinx::call {

// What a party says: a sound file as one channel of this rate. Errors: those of reading it;
// kInvalidArgument for a file with no sound in it.
Result<AudioBuffer> read_party_sound(const std::filesystem::path& path, int sample_rate_hz);

}  // namespace syrinx::call
