// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "echo/canceller.h"
#include "syrinx/core/base/result.h"

namespace syrinx::bench {

// What AECMOS says of a canceller's output on a recording.
struct Opinion {
  std::string recording;
  double echo = 0.0;
  double degradation = 0.0;
};

// Each recording of media/aec through a fresh canceller; writes what comes out to `out` unless it
// is empty. A contestant without a maker is the microphone itself.
Result<std::vector<Opinion>> judge_recordings(const Contestant& contestant,
                                              const std::filesystem::path& data,
                                              const std::filesystem::path& out);

}  // namespace syrinx::bench
