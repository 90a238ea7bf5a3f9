// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "syrinx/core/nn/rows/sequence_kernels.h"

// Each level's table, from the source compiled for it.
namespace syrinx::nn {

const SequenceKernels& sequence_kernels_generic() noexcept;
#if defined(__x86_64__)
const SequenceKernels& sequence_kernels_avx2() noexcept;
const SequenceKernels& sequence_kernels_avx512() noexcept;
#endif

}  // namespace syrinx::nn
