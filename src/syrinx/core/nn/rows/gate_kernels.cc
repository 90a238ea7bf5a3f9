// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/nn/rows/gate_kernels.h"

#include "syrinx/core/nn/rows/gate_kernels_levels.h"

namespace syrinx::nn {
namespace {

constexpr GateKernels kGeneric{gate_generic, nullptr, nullptr, nullptr, nullptr};
#if defined(__x86_64__)
constexpr GateKernels kAvx2{gate_avx2, nullptr, nullptr, nullptr, nullptr};
constexpr GateKernels kAvx512{gate_avx512, nullptr, nullptr, nullptr, nullptr};
constexpr GateKernels kAmx{gate_avx512, gated_bf16_amx, gated_bf16_pair_amx, add_bf16_amx,
                           add_bf16_pair_amx};
#endif

}  // namespace

const GateKernels& gate_kernels_for(const RowKernels& kernels) noexcept {
#if defined(__x86_64__)
  if (kernels.level == RowLevel::kAmx) return kAmx;
  if (kernels.level == RowLevel::kAvx512) return kAvx512;
  if (kernels.level == RowLevel::kAvx2) return kAvx2;
#endif
  static_cast<void>(kernels);
  return kGeneric;
}

}  // namespace syrinx::nn
