// SPDX-License-Identifier: Apache-2.0
// Compiled for AVX-512 (F, BW, VL, DQ); see CMakeLists.txt.
#define SYRINX_VECTOR_FLOATS 16
#define SYRINX_ROWS_A_TIME 12
#define SYRINX_BLOCKS_A_TIME 2
#include "syrinx/core/nn/rows/row_kernels_impl.h"
#include "syrinx/core/nn/rows/row_kernels_levels.h"

namespace syrinx::nn {
namespace {
constexpr RowKernels kTable = make_row_kernels(RowLevel::kAvx512);
}  // namespace

const RowKernels& row_kernels_avx512() noexcept { return kTable; }

}  // namespace syrinx::nn
