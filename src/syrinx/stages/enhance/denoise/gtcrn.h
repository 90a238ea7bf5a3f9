// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "syrinx/core/base/result.h"
#include "syrinx/core/nn/onnx/onnx_session.h"
#include "syrinx/stages/enhance/denoise/frame_network.h"

namespace syrinx::enhance {

// GTCRN (Rong et al. 2024, "A speech enhancement model requiring ultralow computational
// resources"), the streaming export that its authors publish: a spectrum of 512 samples, 256 apart,
// and three caches in; the clean spectrum and the caches out.
// Errors: kUnsupported for a model with other inputs or outputs.
Result<std::unique_ptr<FrameNetwork>> make_gtcrn(nn::OnnxSession session);

}  // namespace syrinx::enhance
