// SPDX-License-Identifier: Apache-2.0
#define SYRINX_VECTOR_FLOATS 8
#include "syrinx/core/dsp/fft_impl.h"

namespace syrinx::dsp {

const FftKernels& fft_kernels_avx2() noexcept { return kFftKernels; }

}  // namespace syrinx::dsp
