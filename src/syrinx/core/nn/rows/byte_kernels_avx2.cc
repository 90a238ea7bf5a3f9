// SPDX-License-Identifier: Apache-2.0
// Compiled for AVX2 and FMA; see CMakeLists.txt.
#define SYRINX_VECTOR_FLOATS 8
#define SYRINX_ROWS_A_TIME 6
#define SYRINX_BLOCKS_A_TIME 1
#define SYRINX_BYTE_QUADS 0
#include "syrinx/core/nn/rows/byte_kernels_impl.h"
#include "syrinx/core/nn/rows/byte_kernels_levels.h"

namespace syrinx::nn {
namespace {
constexpr ByteKernels kTable = make_byte_kernels();
}  // namespace

const ByteKernels& byte_kernels_avx2() noexcept { return kTable; }

}  // namespace syrinx::nn
