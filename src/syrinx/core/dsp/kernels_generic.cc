// SPDX-License-Identifier: Apache-2.0
// 128-bit vectors: SSE2 on x86-64, NEON on aarch64.
#define SYRINX_VECTOR_FLOATS 4
#include "syrinx/core/dsp/kernels_impl.h"
#include "syrinx/core/dsp/kernels_levels.h"

namespace syrinx::dsp {
namespace {
#if defined(__aarch64__)
constexpr Kernels kTable = make_kernels(SimdLevel::kNeon);
#else
constexpr Kernels kTable = make_kernels(SimdLevel::kGeneric);
#endif
}  // namespace

const Kernels& kernels_generic() noexcept { return kTable; }

}  // namespace syrinx::dsp
