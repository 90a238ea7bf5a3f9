// SPDX-License-Identifier: Apache-2.0
// 128-bit vectors: SSE2 on x86-64, NEON on aarch64.
#define SYRINX_VECTOR_FLOATS 4
#define SYRINX_ROWS_A_TIME 3
#define SYRINX_BLOCKS_A_TIME 1
#define SYRINX_BYTE_QUADS 0
#include "syrinx/core/nn/rows/byte_kernels_impl.h"
#include "syrinx/core/nn/rows/byte_kernels_levels.h"

namespace syrinx::nn {
namespace {
constexpr ByteKernels kTable = make_byte_kernels();
}  // namespace

const ByteKernels& byte_kernels_generic() noexcept { return kTable; }

}  // namespace syrinx::nn
