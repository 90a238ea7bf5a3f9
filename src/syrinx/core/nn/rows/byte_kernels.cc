// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/nn/rows/byte_kernels.h"

#include "syrinx/core/dsp/cpu_features.h"
#include "syrinx/core/nn/rows/byte_kernels_levels.h"

namespace syrinx::nn {
namespace {

#if defined(__x86_64__)
const ByteKernels& amx_table() noexcept {
  static const ByteKernels table = [] {
    ByteKernels made = byte_kernels_avx512();
    made.layout = ByteLayout::kTiles;
    made.conv = conv_bytes_amx;
    return made;
  }();
  return table;
}
#endif

}  // namespace

ByteKernelList all_byte_kernels_for(const RowKernels& kernels) noexcept {
#if defined(__x86_64__)
  const dsp::CpuFeatures& cpu = dsp::cpu_features();
  ByteKernelList list;
  const ByteKernels** next = list.tables;
  const bool tiles = kernels.level == RowLevel::kAmx;
  if (tiles && cpu.amx_int8) *next++ = &amx_table();
  if (tiles || kernels.level == RowLevel::kAvx512) {
    if (cpu.avx512_vnni) *next++ = &byte_kernels_vnni();
    *next = &byte_kernels_avx512();
    return list;
  }
  if (kernels.level == RowLevel::kAvx2) {
    if (cpu.avx_vnni) *next++ = &byte_kernels_avx_vnni();
    *next = &byte_kernels_avx2();
    return list;
  }
#endif
  static_cast<void>(kernels);
  return {{&byte_kernels_generic()}};
}

const ByteKernels& byte_kernels_for(const RowKernels& kernels) noexcept {
  return *all_byte_kernels_for(kernels).tables[0];
}

}  // namespace syrinx::nn
