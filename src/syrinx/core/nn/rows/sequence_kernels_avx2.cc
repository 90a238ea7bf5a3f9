// SPDX-License-Identifier: Apache-2.0
// Compiled for AVX2 and FMA; see CMakeLists.txt.
#define SYRINX_VECTOR_FLOATS 8
#include "syrinx/core/nn/rows/sequence_kernels_impl.h"
#include "syrinx/core/nn/rows/sequence_kernels_levels.h"

namespace syrinx::nn {
namespace {
constexpr SequenceKernels kTable = make_sequence_kernels();
}  // namespace

const SequenceKernels& sequence_kernels_avx2() noexcept { return kTable; }

}  // namespace syrinx::nn
