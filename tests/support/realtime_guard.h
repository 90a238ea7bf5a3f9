// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "syrinx/core/base/realtime.h"

namespace syrinx::support {

// How many allocations, frees and locks were made inside a RealtimeScope, on any thread, since the
// program started. Always 0 in sanitizer builds, which need malloc for themselves.
std::uint64_t realtime_violations() noexcept;
// Whether this build counts violations (the default), rather than stopping at the first or not
// looking.
bool guard_counts() noexcept;

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
