// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

// What this machine's processor can do, and which of our kernels that selects.
namespace syrinx::dsp {

// Kernel sets, each a superset of the one before it on the same architecture. kGeneric is 128-bit
// portable vector code: SSE2 on x86-64, and on aarch64 the very code that kNeon names.
enum class SimdLevel { kGeneric, kNeon, kAvx2, kAvx512 };

std::string_view to_string(SimdLevel level) noexcept;

// Each flag is true when both the processor and the operating system (saved register state) support
// it. AMX needs a permission from Linux per process besides, which nothing here asks for.
struct CpuFeatures {
  bool sse2 = false;
  bool avx2 = false;
  bool fma = false;
  bool f16c = false;
  bool avx_vnni = false;
  bool avx512f = false;
  bool avx512bw = false;
  bool avx512vl = false;
  bool avx512dq = false;
  bool avx512_vnni = false;
  bool avx512_bf16 = false;
  bool avx512_fp16 = false;
  bool amx_tile = false;
  bool amx_bf16 = false;
  bool amx_int8 = false;
  bool neon = false;
  std::string brand;  // As the processor names itself; the architecture where it does not.
};

// Asked of the processor once; any thread afterwards.
const CpuFeatures& cpu_features();

// The highest level that `features` allows, or the one that `wanted` names ("generic", "neon",
// "avx2", "avx512") where that is lower. A name that is unknown or too high changes nothing.
SimdLevel choose_simd_level(const CpuFeatures& features, std::string_view wanted) noexcept;

// The level that kernels() uses: the processor's best, or less by the environment's
// SYRINX_SIMD=generic|avx2|avx512. Chosen when the library is loaded, never again.
SimdLevel simd_level() noexcept;

// Whether `features` allow running the kernels of `level`.
bool supports(const CpuFeatures& features, SimdLevel level) noexcept;

}  // namespace syrinx::dsp
