// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "syrinx/core/base/result.h"
#include "syrinx/stages/measure/reference/pesq_delays.h"
#include "syrinx/stages/measure/reference/pesq_parameters.h"

// The perceptual model of ITU-T P.862, clause 10.2.
namespace syrinx::measure {

struct PesqDisturbance {
  double symmetric = 0.0;   // What was added and what is missing.
  double asymmetric = 0.0;  // What was added alone, which is heard as noise of its own.
};

// Both signals at the model's level and through its receiver, of one length, with 320 ms of silence
// at their ends. Errors: those of the FFT.
Result<PesqDisturbance> pesq_disturbance(std::span<const float> reference,
                                         std::span<const float> degraded,
                                         std::span<const PesqDelay> delays,
                                         const PesqParameters& parameters);

}  // namespace syrinx::measure
