// SPDX-License-Identifier: Apache-2.0
// Compiled for AVX-512 and its VNNI; see CMakeLists.txt.
#define SYRINX_VECTOR_FLOATS 16
#define SYRINX_ROWS_A_TIME 12
#define SYRINX_BLOCKS_A_TIME 2
#define SYRINX_BYTE_QUADS 1
#include "syrinx/core/nn/rows/byte_kernels_impl.h"
#include "syrinx/core/nn/rows/byte_kernels_levels.h"

namespace syrinx::nn {
namespace {
constexpr ByteKernels kTable = make_byte_kernels();
}  // namespace

const ByteKernels& byte_kernels_vnni() noexcept { return kTable; }

}  // namespace syrinx::nn
