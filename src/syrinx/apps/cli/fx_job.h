// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "syrinx/apps/cli/fx_pipeline.h"
#include "syrinx/apps/cli/sound_files.h"

// One sound through the steps of `syrinx fx`, from a file to a file.
namespace syrinx::cli {

struct FxJob : SoundOutput {
  std::string input;  // "-" for standard input.
  double tail_s = 0.0;
  bool measure = false;  // Levels before and after, for the report.
};

struct FxDone {
  nlohmann::json report;
  io::AudioWriteOptions written;
  std::uint64_t clipped_samples = 0;   // Beyond full scale in an encoding that cuts them off.
  std::uint64_t repaired_samples = 0;  // NaN or infinite in the input, now 0.
  bool truncated = false;              // The input ended before its header's promise.
};

// Block by block; the output appears under its name when all of it is there. Errors: as
// AudioReader, AudioWriter and make_stream; kCancelled. After an error there is no output, or the
// old one.
Result<FxDone> run_job(const FxJob& job, const std::vector<FxStep>& steps,
                       const FxListener& listener, const std::stop_token& stop);

}  // namespace syrinx::cli
