// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "syrinx/core/nn/rows/row_maths.h"

// Each level's table, from the source compiled for it.
namespace syrinx::nn {

const RowMaths& row_maths_generic() noexcept;
#if defined(__x86_64__)
const RowMaths& row_maths_avx2() noexcept;
const RowMaths& row_maths_avx512() noexcept;
#endif

}  // namespace syrinx::nn
