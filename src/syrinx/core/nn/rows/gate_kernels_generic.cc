// SPDX-License-Identifier: Apache-2.0
// Compiled for its level; see CMakeLists.txt.
#define SYRINX_VECTOR_FLOATS 4
#include "syrinx/core/nn/rows/gate_kernels_impl.h"
#include "syrinx/core/nn/rows/gate_kernels_levels.h"

namespace syrinx::nn {

void gate_generic(float* out, std::size_t out_stride, const float* x, std::size_t x_stride,
                  std::size_t rows, std::size_t channels) noexcept {
  gate_rows(out, out_stride, x, x_stride, rows, channels);
}

}  // namespace syrinx::nn
