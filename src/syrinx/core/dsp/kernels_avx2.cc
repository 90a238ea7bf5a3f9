// SPDX-License-Identifier: Apache-2.0
// Compiled for AVX2 and FMA; see CMakeLists.txt.
#define SYRINX_VECTOR_FLOATS 8
#include "syrinx/core/dsp/kernels_impl.h"
#include "syrinx/core/dsp/kernels_levels.h"

namespace syrinx::dsp {
namespace {
constexpr Kernels kTable = make_kernels(SimdLevel::kAvx2);
}  // namespace

const Kernels& kernels_avx2() noexcept { return kTable; }

}  // namespace syrinx::dsp
