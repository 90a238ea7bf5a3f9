// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"
#include "syrinx/core/nn/onnx/onnx_session.h"

namespace syrinx::measure {

struct DnsmosModels {
  std::filesystem::path p835;  // sig_bak_ovr.onnx
  std::filesystem::path p808;  // model_v8.onnx; none: no P.808 score.
};

// Mean opinion scores, 1 to 5, predicted without a reference.
struct DnsmosScores {
  double signal = 0.0;      // P.835 SIG: how undistorted the speech is.
  double background = 0.0;  // P.835 BAK: how unobtrusive the noise is.
  double overall = 0.0;     // P.835 OVRL.
  std::optional<double> p808;
  std::size_t windows = 0;  // That the scores are means of.
};

// DNSMOS P.835 and P.808 (Reddy, Gopal and Cutler, ICASSP 2021 and 2022) as their published script
// computes them: 16 kHz, windows of 9.01 s each second, shorter signals doubled until they fill
// one, the polynomials for speech of any talker. As in that script, rounding makes some windows one
// sample short (those from second 7 to 23, and a few later ones), and these are left out.
class Dnsmos {
 public:
  // Errors: as nn::OnnxSession::load; kUnsupported for a model with other inputs.
  static Result<Dnsmos> load(const DnsmosModels& models);

  // Mono, any rate (resampled to 16 kHz). Seconds of work for each ten of sound. Any thread.
  // Errors: kInvalidArgument for no samples, several channels, or a sample that is not finite;
  // kInternal if the model fails.
  Result<DnsmosScores> score(AudioView mono) const;

 private:
  Dnsmos(nn::OnnxSession p835, std::optional<nn::OnnxSession> p808)
      : p835_(std::move(p835)), p808_(std::move(p808)) {}

  nn::OnnxSession p835_;
  std::optional<nn::OnnxSession> p808_;
};

}  // namespace syrinx::measure
