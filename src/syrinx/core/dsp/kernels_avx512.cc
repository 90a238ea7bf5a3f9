// SPDX-License-Identifier: Apache-2.0
// Compiled for AVX-512 (F, BW, VL, DQ); see CMakeLists.txt.
#define SYRINX_VECTOR_FLOATS 16
#include "syrinx/core/dsp/kernels_impl.h"
#include "syrinx/core/dsp/kernels_levels.h"

namespace syrinx::dsp {
namespace {
constexpr Kernels kTable = make_kernels(SimdLevel::kAvx512);
}  // namespace

const Kernels& kernels_avx512() noexcept { return kTable; }

}  // namespace syrinx::dsp
