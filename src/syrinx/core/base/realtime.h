// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

// Marks a declaration whose every call is safe on an audio thread: noexcept, no allocation, no
// lock, no log, no file. A reader's promise; the guard in tests/support proves it by running the
// function.
#if defined(__clang__)
#define SYRINX_REALTIME __attribute__((annotate("syrinx.realtime")))
#else
#define SYRINX_REALTIME
#endif

namespace syrinx {

// Held by an audio thread while it processes blocks: flushes denormals to zero (they cost up to a
// hundred times a normal addition) and, in guarded test builds, makes each allocation or lock
// inside it a counted failure. Restores the thread's former floating-point mode when it ends.
// Nests.
class RealtimeScope {
 public:
  RealtimeScope() noexcept;
  ~RealtimeScope();
  RealtimeScope(const RealtimeScope&) = delete;
  RealtimeScope& operator=(const RealtimeScope&) = delete;

 private:
  std::uint64_t former_mode_;
};

// Whether the calling thread is inside a RealtimeScope.
bool in_realtime_scope() noexcept;

}  // namespace syrinx
