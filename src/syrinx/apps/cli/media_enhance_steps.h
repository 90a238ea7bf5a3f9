// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"
#include "syrinx/stages/enhance/denoise/noise_suppressor.h"
#include "syrinx/stages/enhance/gain/speech_gain.h"

// What `media enhance` does after the echo is gone, each step in time with what it was given.
namespace syrinx::cli {

// Errors: as enhance::make_suppressor() and NoiseSuppressor::prepare().
Result<void> suppress_noise(enhance::DenoiseKind kind, AudioBuffer& sound);

struct Levelled {
  enhance::GainStatistics statistics;
  std::vector<double> gains_db;  // At the end of each second, and of the sound.
  double output_lufs = 0.0;      // ITU-R BS.1770; minus infinity for silence.
};
// Errors: as SpeechGain::create().
Result<Levelled> level_speech(const enhance::GainOptions& options, AudioBuffer& sound);

nlohmann::json to_json(const Levelled& levelled, const enhance::GainOptions& options);
void print(const Levelled& levelled);

}  // namespace syrinx::cli
