// SPDX-License-Identifier: Apache-2.0
// Compiled for the architecture's baseline; see CMakeLists.txt.
#define SYRINX_VECTOR_FLOATS 4
#include "syrinx/core/nn/rows/row_maths_impl.h"
#include "syrinx/core/nn/rows/row_maths_levels.h"

namespace syrinx::nn {
namespace {
constexpr RowMaths kTable = make_row_maths();
}  // namespace

const RowMaths& row_maths_generic() noexcept { return kTable; }

}  // namespace syrinx::nn
