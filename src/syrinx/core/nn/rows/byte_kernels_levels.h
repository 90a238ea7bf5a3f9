// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "syrinx/core/nn/rows/byte_kernels.h"

// Each level's table, from the source compiled for it.
namespace syrinx::nn {

const ByteKernels& byte_kernels_generic() noexcept;
#if defined(__x86_64__)
const ByteKernels& byte_kernels_avx2() noexcept;
const ByteKernels& byte_kernels_avx_vnni() noexcept;  // Of 256 bits.
const ByteKernels& byte_kernels_avx512() noexcept;
const ByteKernels& byte_kernels_vnni() noexcept;
void conv_bytes_amx(const ConvCall& call) noexcept;
#endif

}  // namespace syrinx::nn
