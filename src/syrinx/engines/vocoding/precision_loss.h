// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"
#include "syrinx/stages/vocoder/vocoder.h"

namespace syrinx::vocoding {

// What a precision costs a model, and what it is worth.
struct PrecisionLoss {
  std::string precision;  // In the model's words.
  std::string reference;  // fp32, in the same.
  double snr_db = 0;      // Of its samples against fp32's.
  double log_spectral_distance_db = 0;
  double duration_s = 0;
  double real_time_factor = 0;  // Seconds of work for a second of sound, on this thread.
  double reference_real_time_factor = 0;
};

// Makes the sound of one mel twice, as `options` say and in fp32 on the same kernels, and compares.
// The mel is that of `speech`, up to six seconds of it at full scale; of calibration_speech() where
// it is null. Errors: those of load_vocoder(), calibration_mel() and vocode().
Result<PrecisionLoss> measure_precision_loss(const std::filesystem::path& weights,
                                             const vocoder::VocoderOptions& options,
                                             const AudioBuffer* speech = nullptr);

}  // namespace syrinx::vocoding
