// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"
#include "syrinx/core/nn/onnx/onnx_session.h"

namespace syrinx::measure {

// What listeners would say of speech with concealed packet losses, 1 to 5, without a reference
// (PLCMOS: Diener, Purin, Sootla, Saabas, Aichner and Cutler, INTERSPEECH 2023), as the published
// script computes it. Takes plcmos_v2.onnx, which is asked as 15 raters drawn from a fixed seed,
// and the older plcmos_v1_nonintrusive.onnx.
class Plcmos {
 public:
  // Errors: as nn::OnnxSession::load; kUnsupported for a model with other inputs.
  static Result<Plcmos> load(const std::filesystem::path& model);

  // Mono, any rate (resampled to 16 kHz), at least 96 ms for the newer model. Any thread.
  // Errors: as Dnsmos::score, and kInvalidArgument for a sound too short.
  Result<double> score(AudioView mono) const;

 private:
  Plcmos(nn::OnnxSession session, bool asks_raters)
      : session_(std::move(session)), asks_raters_(asks_raters) {}

  nn::OnnxSession session_;
  bool asks_raters_;
};

}  // namespace syrinx::measure
