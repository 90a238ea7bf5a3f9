// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>

#include "syrinx/core/base/result.h"
#include "syrinx/stages/enhance/denoise/frame_network.h"
#include "syrinx/stages/enhance/denoise/noise_suppressor.h"

namespace syrinx::enhance {

// A network's state for one more channel; the weights are shared.
using NetworkMaker = std::function<Result<std::unique_ptr<FrameNetwork>>()>;

// A suppressor with a network for each channel. Not real-time safe.
std::unique_ptr<NoiseSuppressor> make_network_suppressor(NetworkMaker make_network);

}  // namespace syrinx::enhance
