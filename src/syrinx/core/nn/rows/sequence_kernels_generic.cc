// SPDX-License-Identifier: Apache-2.0
// Compiled for the architecture's baseline; see CMakeLists.txt.
#define SYRINX_VECTOR_FLOATS 4
#include "syrinx/core/nn/rows/sequence_kernels_impl.h"
#include "syrinx/core/nn/rows/sequence_kernels_levels.h"

namespace syrinx::nn {
namespace {
constexpr SequenceKernels kTable = make_sequence_kernels();
}  // namespace

const SequenceKernels& sequence_kernels_generic() noexcept { return kTable; }

}  // namespace syrinx::nn
