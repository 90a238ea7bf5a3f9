// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "syrinx/core/nn/onnx/onnx_session.h"
#include "syrinx/stages/enhance/vad/speech_detector.h"

namespace syrinx::enhance {

// Silero's voice activity network, version 5: 32 ms after the 4 ms before them, and a state of two
// by 128, in; a probability and the state out. Errors: kInvalidArgument for a rate other than 8 or
// 16 kHz, or options out of range; kUnsupported for a model with other inputs or outputs.
Result<std::unique_ptr<SpeechDetector>> make_silero(nn::OnnxSession session, int sample_rate_hz,
                                                    const VoiceActivityOptions& options);

}  // namespace syrinx::enhance
