// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "syrinx/core/base/realtime.h"

namespace syrinx::support {

// How many allocations, frees and locks were made inside a RealtimeScope, on any thread, since the
// program started. Always 0 in sanitizer builds, which need malloc for themselves.
std::uint64_t realtime_violations() noexcept;
// Whether this build counts violations (the default), rather than stopping at the first or not
// looking.
bool guard_counts() noexcept;

// Whether this build counts the heap's bytes: not where a sanitizer has its own heap.
bool heap_is_counted() noexcept;
// Bytes of the heap that the program holds now, as malloc rounded them, on all threads.
std::size_t heap_bytes() noexcept;
// The most that it held since the program started or reset_heap_peak() was called.
std::size_t heap_peak_bytes() noexcept;
void reset_heap_peak() noexcept;

}  // namespace syrinx::support

// Runs the statement in a RealtimeScope and fails if it allocated, freed or locked.
#define EXPECT_REALTIME_SAFE(statement)                                          \
  do {                                                                           \
    const auto violations_before_ = ::syrinx::support::realtime_violations();    \
    {                                                                            \
      const ::syrinx::RealtimeScope realtime_scope_;                             \
      statement;                                                                 \
    }                                                                            \
    EXPECT_EQ(::syrinx::support::realtime_violations() - violations_before_, 0u) \
        << "allocations, frees or locks in real time";                           \
  } while (false)
