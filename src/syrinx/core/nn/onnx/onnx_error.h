// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "syrinx/core/base/result.h"
#include "syrinx/core/nn/onnx/ort_api.h"

namespace syrinx::nn {

// Turns what an entry of the interface returned into our Result and releases it. `doing` starts
// the message: "running x.onnx".
Result<void> check_status(const ort::Api& api, ort::Status* status, std::string_view doing);

}  // namespace syrinx::nn
