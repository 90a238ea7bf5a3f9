// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include "syrinx/core/dsp/biquad.h"

namespace syrinx::dsp {

// The K-weighting of ITU-R BS.1770-4, Annex 1 (head shelf, then RLB high pass), for any sample rate
// of 4 kHz and more: the analogue filters behind the 48 kHz coefficients of the standard, by
// bilinear transform.
std::array<Biquad, 2> k_weighting(int sample_rate_hz) noexcept;

// The loudness in LUFS of a K-weighted mean square, summed over channels; minus infinity for 0.
double lufs_of_power(double k_weighted_power) noexcept;

}  // namespace syrinx::dsp
