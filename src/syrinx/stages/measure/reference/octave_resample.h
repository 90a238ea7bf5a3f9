// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "syrinx/core/base/result.h"

namespace syrinx::measure {

// The signal at another rate by the polyphase filter that GNU Octave's signal package designs for
// `resample(x, p, q)`: a sinc cut off at the lower Nyquist frequency under a Kaiser window for 60
// dB of rejection. For measures whose published values were computed with it; everything else uses
// core/dsp/resample.h. The result has ceil(samples * out_hz / in_hz) samples.
// Errors: kUnsupported where the reduced ratio needs more than 2^22 taps. Pre: rates above 0.
Result<std::vector<double>> octave_resample(std::span<const float> signal, int in_hz, int out_hz);

}  // namespace syrinx::measure
