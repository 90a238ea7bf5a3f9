// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "syrinx/stages/enhance/denoise/noise_suppressor.h"

namespace syrinx::enhance {

struct StatisticalOptions {
  double most_reduction_db = 18.0;  // What noise alone is lowered by; 0 to 60.
};

// Suppresses noise by its statistics, without a model: the optimally modified log-spectral
// amplitude (Cohen and Berdugo 2001) over frames of 20 ms, 10 ms apart, with the noise followed by
// NoiseTracker. Real-time safe. Latency: 20 ms less one sample.
// Errors: kInvalidArgument for a reduction out of range.
Result<std::unique_ptr<NoiseSuppressor>> make_statistical_suppressor(
    const StatisticalOptions& options = {});

}  // namespace syrinx::enhance
