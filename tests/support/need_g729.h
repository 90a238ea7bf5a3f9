// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "syrinx/stages/codec/g729.h"

// Ends the test as SKIPPED when G.729's plugin is not there, or as FAILED where this build made it:
// the plugin is optional, but what was built must load.
#ifdef SYRINX_BCG729_BUILT
#define SYRINX_NEED_G729()                                                        \
  if (const auto g729_ = ::syrinx::codec::g729_available(); !g729_.has_value()) { \
    FAIL() << g729_.error().message;                                              \
  }                                                                               \
  static_assert(true)
#else
#define SYRINX_NEED_G729()                                                        \
  if (const auto g729_ = ::syrinx::codec::g729_available(); !g729_.has_value()) { \
    GTEST_SKIP() << g729_.error().message;                                        \
  }                                                                               \
  static_assert(true)
#endif
