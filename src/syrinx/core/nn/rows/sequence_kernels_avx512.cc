// SPDX-License-Identifier: Apache-2.0
// Compiled for AVX-512 (F, BW, VL, DQ); see CMakeLists.txt.
#define SYRINX_VECTOR_FLOATS 16
#include "syrinx/core/nn/rows/sequence_kernels_impl.h"
#include "syrinx/core/nn/rows/sequence_kernels_levels.h"

namespace syrinx::nn {
namespace {
constexpr SequenceKernels kTable = make_sequence_kernels();
}  // namespace

const SequenceKernels& sequence_kernels_avx512() noexcept { return kTable; }

}  // namespace syrinx::nn
