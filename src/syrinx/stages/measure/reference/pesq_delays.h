// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/stages/measure/reference/pesq_parameters.h"

// The time alignment of ITU-T P.862: which delay each part of the reference has.
namespace syrinx::measure {

struct PesqDelay {
  std::size_t begin;  // The first sample of the reference that has it; it holds until the next.
  std::ptrdiff_t delay;
  double confidence;
};

// Both signals as they were handed in, at the model's level; lengths may differ. The result is in
// the order of the reference and not empty; its first element begins at 0.
// Errors: those of the FFT.
Result<std::vector<PesqDelay>> find_pesq_delays(std::span<const float> reference,
                                                std::span<const float> degraded,
                                                const PesqParameters& parameters);

// The delay at a sample of the reference.
std::ptrdiff_t pesq_delay_at(std::span<const PesqDelay> delays, std::size_t sample) noexcept;

}  // namespace syrinx::measure
