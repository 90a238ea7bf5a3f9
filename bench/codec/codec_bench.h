// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "syrinx/core/base/result.h"

// The three tables of syrinx_codec_bench; each prints itself.
namespace syrinx::bench {

// Microseconds of encoding and decoding per block of 20 ms, of this machine now.
Result<void> print_codec_cost(const std::filesystem::path& data);
// Area under the curve of speech found over noise mistaken, per noise and ratio.
Result<void> print_vad_roc(const std::filesystem::path& data);
// PLCMOS of silence and of concealment, per share and length of losses.
Result<void> print_plc_quality(const std::filesystem::path& data);

}  // namespace syrinx::bench
