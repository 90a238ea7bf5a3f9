// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"

namespace syrinx::support {

// Reads a plain RIFF WAVE file of 16-bit integers, at most 64 Mi samples, for tests in folders that
// stand below core/io. Errors: kNotFound; kCorruptData; kUnsupported (other encodings);
// kLimitExceeded.
Result<AudioBuffer> read_wav16(const std::filesystem::path& path);

}  // namespace syrinx::support
