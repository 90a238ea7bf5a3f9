// SPDX-License-Identifier: Apache-2.0
// 128-bit vectors: SSE2 on x86-64, NEON on aarch64.
#define SYRINX_VECTOR_FLOATS 4
#define SYRINX_ROWS_A_TIME 3
#define SYRINX_BLOCKS_A_TIME 1
#include "syrinx/core/nn/rows/row_kernels_impl.h"
#include "syrinx/core/nn/rows/row_kernels_levels.h"

namespace syrinx::nn {
namespace {
constexpr RowKernels kTable = make_row_kernels(RowLevel::kGeneric);
}  // namespace

const RowKernels& row_kernels_generic() noexcept { return kTable; }

}  // namespace syrinx::nn
