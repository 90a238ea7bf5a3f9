// SPDX-License-Identifier: Apache-2.0
// Compiled for AVX-512 (F, BW, VL, DQ); see CMakeLists.txt.
#define SYRINX_VECTOR_FLOATS 16
#include "syrinx/core/nn/rows/row_maths_impl.h"
#include "syrinx/core/nn/rows/row_maths_levels.h"

namespace syrinx::nn {
namespace {
constexpr RowMaths kTable = make_row_maths();
}  // namespace

const RowMaths& row_maths_avx512() noexcept { return kTable; }

}  // namespace syrinx::nn
