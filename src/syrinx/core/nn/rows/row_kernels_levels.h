// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "syrinx/core/nn/rows/row_kernels.h"

// Each level's table, from the source compiled for it. Present whether or not the processor can run
// it.
namespace syrinx::nn {

const RowKernels& row_kernels_generic() noexcept;
#if defined(__x86_64__)
const RowKernels& row_kernels_avx2() noexcept;
const RowKernels& row_kernels_avx512() noexcept;

// What the AMX table is made of: its products, and AVX-512's other functions.
void conv_bf16_amx(const ConvCall& call) noexcept;
void conv_bf16_pair_amx(const ConvCall& call) noexcept;
void activate_amx(std::byte* out, std::size_t out_stride, RowFormat format, const float* x,
                  std::size_t x_stride, std::size_t rows, std::size_t channels, float scale,
                  float slope) noexcept;
void load_tiles_amx() noexcept;
void release_tiles_amx() noexcept;
#endif

}  // namespace syrinx::nn
