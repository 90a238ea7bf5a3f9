// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "syrinx/core/base/result.h"
#include "syrinx/core/dsp/pitch/f0_track.h"
#include "syrinx/core/flow/audio.h"
#include "syrinx/core/nn/onnx/onnx_session.h"

namespace syrinx::measure {

struct SwiftF0Options {
  double min_hz = 60.0;  // 46.875 to 2093.75 Hz, as the next.
  double max_hz = 500.0;
  double least_confidence = 0.9;  // 0 to 1; below it a frame has no pitch.
};

// F0 by SwiftF0 (Nieradzik 2025): a small network that reads it from a spectrogram of 16 kHz,
// every 16 ms, with its confidence, which is the track's `voicing`.
class SwiftF0 {
 public:
  // Errors: as nn::OnnxSession::load; kUnsupported for a model with other inputs or outputs.
  static Result<SwiftF0> load(const std::filesystem::path& model);

  // Mono, any rate (resampled to 16 kHz) and length: memory for a minute at a time. Any thread.
  // Errors: kInvalidArgument for options out of range, no samples, several channels, or a sample
  // that is not finite; kInternal if the model fails.
  Result<dsp::F0Track> track(AudioView mono, const SwiftF0Options& options = {}) const;

 private:
  explicit SwiftF0(nn::OnnxSession session) : session_(std::move(session)) {}

  nn::OnnxSession session_;
};

}  // namespace syrinx::measure
