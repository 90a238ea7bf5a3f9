// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/base/realtime.h"

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

namespace syrinx {
namespace {

thread_local int realtime_depth = 0;

#if defined(__x86_64__)
constexpr std::uint64_t kFlushBits = 0x8040;  // FTZ (bit 15) and DAZ (bit 6) of MXCSR.
std::uint64_t read_mode() noexcept { return _mm_getcsr(); }
void write_mode(std::uint64_t mode) noexcept { _mm_setcsr(static_cast<unsigned>(mode)); }
#elif defined(__aarch64__)
constexpr std::uint64_t kFlushBits = std::uint64_t{1} << 24;  // FZ of FPCR.
std::uint64_t read_mode() noexcept {
  std::uint64_t mode = 0;
  __asm__ volatile("mrs %0, fpcr" : "=r"(mode));
  return mode;
}
void write_mode(std::uint64_t mode) noexcept { __asm__ volatile("msr fpcr, %0" : : "r"(mode)); }
#else
constexpr std::uint64_t kFlushBits = 0;
std::uint64_t read_mode() noexcept { return 0; }
void write_mode(std::uint64_t) noexcept {}
#endif

}  // namespace

RealtimeScope::RealtimeScope() noexcept : former_mode_(read_mode()) {
  write_mode(former_mode_ | kFlushBits);
  ++realtime_depth;
}

RealtimeScope::~RealtimeScope() {
  --realtime_depth;
  write_mode(former_mode_);
}

bool in_realtime_scope() noexcept { return realtime_depth > 0; }

}  // namespace syrinx
