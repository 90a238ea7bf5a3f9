// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "syrinx/core/dsp/kernels.h"

// Each level's table, from the source compiled for it. Present whether or not the processor can run
// it.
namespace syrinx::dsp {

const Kernels& kernels_generic() noexcept;
#if defined(__x86_64__)
const Kernels& kernels_avx2() noexcept;
const Kernels& kernels_avx512() noexcept;
#endif

}  // namespace syrinx::dsp
