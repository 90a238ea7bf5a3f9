// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/nn/rows/row_maths.h"

#include "syrinx/core/nn/rows/row_maths_levels.h"

namespace syrinx::nn {

const RowMaths& row_maths_for(const RowKernels& kernels) noexcept {
#if defined(__x86_64__)
  if (kernels.level == RowLevel::kAvx512 || kernels.level == RowLevel::kAmx)
    return row_maths_avx512();
  if (kernels.level == RowLevel::kAvx2) return row_maths_avx2();
#endif
  static_cast<void>(kernels);
  return row_maths_generic();
}

}  // namespace syrinx::nn
