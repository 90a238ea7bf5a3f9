// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/nn/rows/row_kernels.h"

#include <cstdlib>
#include <string_view>

#include "syrinx/core/dsp/cpu_features.h"
#include "syrinx/core/nn/rows/row_kernels_levels.h"

#if defined(__x86_64__) && defined(__linux__)
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace syrinx::nn {
namespace {

#if defined(__x86_64__) && defined(__linux__)
// Tile data is a register state that Linux saves only for processes that asked
// (Documentation/arch/x86/xstate.rst).
bool permit_tiles() noexcept {
  constexpr long kRequestPermission = 0x1023;
  constexpr long kTileData = 18;
  return syscall(SYS_arch_prctl, kRequestPermission, kTileData) == 0;
}
#else
[[maybe_unused]] bool permit_tiles() noexcept { return false; }
#endif

#if defined(__x86_64__)
const RowKernels* amx_table() noexcept {
  const dsp::CpuFeatures& cpu = dsp::cpu_features();
  static const bool usable = dsp::supports(cpu, dsp::SimdLevel::kAvx512) && cpu.avx512_bf16 &&
                             cpu.amx_tile && cpu.amx_bf16 && permit_tiles();
  if (!usable) return nullptr;
  static const RowKernels table = [] {
    RowKernels made = row_kernels_avx512();
    made.level = RowLevel::kAmx;
    made.channel_multiple = 32;
    made.conv_bf16 = conv_bf16_amx;
    made.conv_bf16_pair = conv_bf16_pair_amx;
    made.activate = activate_amx;
    return made;
  }();
  return &table;
}
#endif

constexpr RowLevel kDownwards[] = {RowLevel::kAmx, RowLevel::kAvx512, RowLevel::kAvx2,
                                   RowLevel::kGeneric};

const RowKernels& choose(std::string_view wanted) noexcept {
  for (const RowLevel level : kDownwards) {
    const RowKernels* table = row_kernels_for(level);
    if (table != nullptr && wanted == to_string(level)) return *table;
  }
  for (const RowLevel level : kDownwards) {
    if (const RowKernels* table = row_kernels_for(level)) return *table;
  }
  return row_kernels_generic();
}

}  // namespace

const char* to_string(RowLevel level) noexcept {
  switch (level) {
    case RowLevel::kGeneric:
      return "generic";
    case RowLevel::kAvx2:
      return "avx2";
    case RowLevel::kAvx512:
      return "avx512";
    case RowLevel::kAmx:
      return "amx";
  }
  return "unknown";
}

const RowKernels* row_kernels_for(RowLevel level) noexcept {
  if (level == RowLevel::kGeneric) return &row_kernels_generic();
#if defined(__x86_64__)
  const dsp::CpuFeatures& cpu = dsp::cpu_features();
  if (level == RowLevel::kAvx2 && dsp::supports(cpu, dsp::SimdLevel::kAvx2))
    return &row_kernels_avx2();
  if (level == RowLevel::kAvx512 && dsp::supports(cpu, dsp::SimdLevel::kAvx512))
    return &row_kernels_avx512();
  if (level == RowLevel::kAmx) return amx_table();
#endif
  return nullptr;
}

const RowKernels& row_kernels() noexcept {
  static const RowKernels& chosen = [&]() -> const RowKernels& {
    const char* wanted = std::getenv("SYRINX_SIMD");
    return choose(wanted == nullptr ? "" : wanted);
  }();
  return chosen;
}

TileScope::TileScope(const RowKernels& kernels) noexcept : tiles_(kernels.level == RowLevel::kAmx) {
#if defined(__x86_64__)
  if (tiles_) load_tiles_amx();
#endif
}

TileScope::~TileScope() {
#if defined(__x86_64__)
  if (tiles_) release_tiles_amx();
#endif
}

}  // namespace syrinx::nn
