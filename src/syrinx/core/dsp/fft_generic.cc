// SPDX-License-Identifier: Apache-2.0
#define SYRINX_VECTOR_FLOATS 4
#include "syrinx/core/dsp/fft_impl.h"

namespace syrinx::dsp {

const FftKernels& fft_kernels_generic() noexcept { return kFftKernels; }

}  // namespace syrinx::dsp
