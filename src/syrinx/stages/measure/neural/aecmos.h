// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"
#include "syrinx/core/nn/onnx/onnx_session.h"

namespace syrinx::measure {

// The published models: which rate they work at, and whether they must be told who talks.
enum class AecmosModel {
  k16kHz,             // Run_1663915512_Stage_0.onnx
  k16kHzAnyScenario,  // Run_1663829550_Stage_0.onnx: the scenario is not looked at.
  k48kHz              // Run_1668423760_Stage_0.onnx
};

enum class TalkScenario { kNearEndOnly, kFarEndOnly, kDoubleTalk };

// Mean opinion scores, 1 to 5.
struct AecmosScores {
  double echo = 0.0;         // How little of the far end comes back.
  double degradation = 0.0;  // How little else is wrong with what is sent.
};

// What listeners would say of an echo canceller's output (AECMOS: Purin, Sootla, Sponza, Saabas and
// Cutler, ICASSP 2022), from what the loudspeaker played, what the microphone heard and what was
// sent, as the published script computes it: at most the first 20 s, cut to the shortest.
class Aecmos {
 public:
  // Errors: as nn::OnnxSession::load; kUnsupported for a model whose inputs are not those of
  // `kind`.
  static Result<Aecmos> load(const std::filesystem::path& model, AecmosModel kind);

  int sample_rate_hz() const noexcept { return sample_rate_hz_; }

  // Mono each, of any rate (resampled). Any thread. Errors: as Dnsmos::score.
  Result<AecmosScores> score(AudioView loudspeaker, AudioView microphone, AudioView sent,
                             TalkScenario scenario) const;

 private:
  Aecmos(nn::OnnxSession session, AecmosModel kind);

  nn::OnnxSession session_;
  AecmosModel kind_;
  int sample_rate_hz_;
};

}  // namespace syrinx::measure
