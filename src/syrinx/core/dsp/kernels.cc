// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/dsp/kernels.h"

#include "syrinx/core/dsp/kernels_levels.h"

namespace syrinx::dsp {

const Kernels* kernels_for(SimdLevel level) noexcept {
  if (!supports(cpu_features(), level)) return nullptr;
#if defined(__x86_64__)
  if (level == SimdLevel::kAvx512) return &kernels_avx512();
  if (level == SimdLevel::kAvx2) return &kernels_avx2();
#endif
  return &kernels_generic();
}

const Kernels& kernels() noexcept {
  static const Kernels& chosen = *kernels_for(simd_level());
  return chosen;
}

namespace {
// Chosen at load, so that no audio thread pays for the first call.
[[maybe_unused]] const Kernels& kChosenAtLoad = kernels();
}  // namespace

}  // namespace syrinx::dsp
