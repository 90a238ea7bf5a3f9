// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/dsp/cpu_features.h"

#include <array>
#include <cstdint>
#include <cstdlib>
#include <cstring>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace syrinx::dsp {
namespace {

#if defined(__x86_64__)

struct Cpuid {
  unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
};

Cpuid cpuid(unsigned leaf, unsigned subleaf) {
  Cpuid r;
  if (__get_cpuid_count(leaf, subleaf, &r.eax, &r.ebx, &r.ecx, &r.edx) == 0) return {};
  return r;
}

constexpr bool bit(unsigned word, int index) { return ((word >> index) & 1u) != 0; }

// XCR0: which register files the operating system saves (Intel SDM volume 1, 13.3).
std::uint64_t saved_state(bool osxsave) {
  if (!osxsave) return 0;
  std::uint32_t low = 0;
  std::uint32_t high = 0;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return (std::uint64_t{high} << 32) | low;
}

std::string brand_string() {
  std::array<char, 48> text{};
  for (unsigned i = 0; i < 3; ++i) {
    const Cpuid part = cpuid(0x80000002u + i, 0);
    std::memcpy(text.data() + 16 * i, &part, sizeof part);
  }
  std::string brand(text.data(), strnlen(text.data(), text.size()));
  const auto first = brand.find_first_not_of(' ');
  return first == std::string::npos ? "x86-64" : brand.substr(first);
}

CpuFeatures detect() {
  const Cpuid basic = cpuid(1, 0);
  const Cpuid extended = cpuid(7, 0);
  const Cpuid more = cpuid(7, 1);
  const std::uint64_t saved = saved_state(bit(basic.ecx, 27));
  const bool ymm = (saved & 0x6) == 0x6;
  const bool zmm = (saved & 0xe6) == 0xe6;
  const bool tiles = (saved & 0x60000) == 0x60000;
  CpuFeatures found;
  found.sse2 = bit(basic.edx, 26);
  found.fma = ymm && bit(basic.ecx, 12);
  found.f16c = ymm && bit(basic.ecx, 29);
  found.avx2 = ymm && bit(extended.ebx, 5);
  found.avx_vnni = ymm && bit(more.eax, 4);
  found.avx512f = zmm && bit(extended.ebx, 16);
  found.avx512dq = zmm && bit(extended.ebx, 17);
  found.avx512bw = zmm && bit(extended.ebx, 30);
  found.avx512vl = zmm && bit(extended.ebx, 31);
  found.avx512_vnni = zmm && bit(extended.ecx, 11);
  found.avx512_fp16 = zmm && bit(extended.edx, 23);
  found.avx512_bf16 = zmm && bit(more.eax, 5);
  found.amx_bf16 = tiles && bit(extended.edx, 22);
  found.amx_tile = tiles && bit(extended.edx, 24);
  found.amx_int8 = tiles && bit(extended.edx, 25);
  found.brand = brand_string();
  return found;
}

#else

CpuFeatures detect() {
  CpuFeatures found;
#if defined(__aarch64__)
  found.neon = true;  // Part of the base architecture (Armv8-A, "Advanced SIMD").
  found.brand = "aarch64";
#else
  found.brand = "unknown";
#endif
  return found;
}

#endif

}  // namespace

std::string_view to_string(SimdLevel level) noexcept {
  switch (level) {
    case SimdLevel::kGeneric:
      return "generic";
    case SimdLevel::kNeon:
      return "neon";
    case SimdLevel::kAvx2:
      return "avx2";
    case SimdLevel::kAvx512:
      return "avx512";
  }
  return "unknown";
}

const CpuFeatures& cpu_features() {
  static const CpuFeatures found = detect();
  return found;
}

bool supports(const CpuFeatures& f, SimdLevel level) noexcept {
  switch (level) {
    case SimdLevel::kGeneric:
      return true;
    case SimdLevel::kNeon:
      return f.neon;
    case SimdLevel::kAvx2:
      return f.avx2 && f.fma;
    case SimdLevel::kAvx512:
      return f.avx2 && f.fma && f.avx512f && f.avx512bw && f.avx512vl && f.avx512dq;
  }
  return false;
}

SimdLevel choose_simd_level(const CpuFeatures& features, std::string_view wanted) noexcept {
  SimdLevel best = SimdLevel::kGeneric;
  for (const auto level : {SimdLevel::kNeon, SimdLevel::kAvx2, SimdLevel::kAvx512}) {
    if (supports(features, level)) best = level;
  }
  for (const auto level :
       {SimdLevel::kGeneric, SimdLevel::kNeon, SimdLevel::kAvx2, SimdLevel::kAvx512}) {
    if (wanted == to_string(level) && supports(features, level)) return level;
  }
  return best;
}

SimdLevel simd_level() noexcept {
  static const SimdLevel chosen = [] {
    const char* wanted = std::getenv("SYRINX_SIMD");
    return choose_simd_level(cpu_features(), wanted == nullptr ? "" : wanted);
  }();
  return chosen;
}

namespace {
// Chooses at load, so that no audio thread pays for the first call.
[[maybe_unused]] const SimdLevel kChosenAtLoad = simd_level();
}  // namespace

}  // namespace syrinx::dsp
