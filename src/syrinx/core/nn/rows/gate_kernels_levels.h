// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "syrinx/core/nn/rows/gate_kernels.h"

// Each level's functions, from the source compiled for it.
namespace syrinx::nn {

void gate_generic(float* out, std::size_t out_stride, const float* x, std::size_t x_stride,
                  std::size_t rows, std::size_t channels) noexcept;
#if defined(__x86_64__)
void gate_avx2(float* out, std::size_t out_stride, const float* x, std::size_t x_stride,
               std::size_t rows, std::size_t channels) noexcept;
void gate_avx512(float* out, std::size_t out_stride, const float* x, std::size_t x_stride,
                 std::size_t rows, std::size_t channels) noexcept;
void gated_bf16_amx(const GatedCall& call) noexcept;
void gated_bf16_pair_amx(const GatedCall& call) noexcept;
void add_bf16_amx(const SumCall& call) noexcept;
void add_bf16_pair_amx(const SumCall& call) noexcept;
#endif

}  // namespace syrinx::nn
