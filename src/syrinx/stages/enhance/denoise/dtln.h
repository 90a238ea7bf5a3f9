// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "syrinx/core/base/result.h"
#include "syrinx/core/nn/onnx/onnx_session.h"
#include "syrinx/stages/enhance/denoise/frame_network.h"

namespace syrinx::enhance {

// DTLN (Westhausen and Meyer 2020, "Dual-signal transformation LSTM network"), the two models that
// its authors publish: the first masks the magnitudes of 512 samples, 128 apart; the second makes
// 512 samples of what that gives, and they are added where they overlap.
// Errors: kUnsupported for models with other inputs or outputs.
Result<std::unique_ptr<FrameNetwork>> make_dtln(nn::OnnxSession first, nn::OnnxSession second);

}  // namespace syrinx::enhance
