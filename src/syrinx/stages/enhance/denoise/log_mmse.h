// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "syrinx/core/base/realtime.h"

namespace syrinx::enhance {

// The exponential integral E1(x), integral of exp(-t)/t from x > 0 on, to 1e-6 (Abramowitz and
// Stegun 5.1.53 and 5.1.56). Largest for the smallest x taken, 1e-9.
float exponential_integral(float x) noexcept SYRINX_REALTIME;

// The gain by which the log of a bin's amplitude is estimated with the least mean square error
// (Ephraim and Malah 1985, eq. 20), of the a-priori and a-posteriori SNR as power ratios. 0 to 1.
float log_mmse_gain(float prior_snr, float posterior_snr) noexcept SYRINX_REALTIME;

}  // namespace syrinx::enhance
