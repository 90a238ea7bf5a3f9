// SPDX-License-Identifier: Apache-2.0
// Compiled for AVX2 and FMA; see CMakeLists.txt.
#define SYRINX_VECTOR_FLOATS 8
#define SYRINX_ROWS_A_TIME 6
#define SYRINX_BLOCKS_A_TIME 1
#include "syrinx/core/nn/rows/row_kernels_impl.h"
#include "syrinx/core/nn/rows/row_kernels_levels.h"

namespace syrinx::nn {
namespace {
constexpr RowKernels kTable = make_row_kernels(RowLevel::kAvx2);
}  // namespace

const RowKernels& row_kernels_avx2() noexcept { return kTable; }

}  // namespace syrinx::nn
