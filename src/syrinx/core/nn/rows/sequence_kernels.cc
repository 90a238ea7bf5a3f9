// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/nn/rows/sequence_kernels.h"

#include "syrinx/core/nn/rows/sequence_kernels_levels.h"

namespace syrinx::nn {

const SequenceKernels& sequence_kernels_for(const RowKernels& kernels) noexcept {
#if defined(__x86_64__)
  if (kernels.level == RowLevel::kAvx512 || kernels.level == RowLevel::kAmx)
    return sequence_kernels_avx512();
  if (kernels.level == RowLevel::kAvx2) return sequence_kernels_avx2();
#endif
  static_cast<void>(kernels);
  return sequence_kernels_generic();
}

}  // namespace syrinx::nn
