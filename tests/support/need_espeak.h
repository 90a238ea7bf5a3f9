// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "syrinx/stages/text/espeak/espeak.h"

// Ends the test as SKIPPED when espeak-ng's plugin is not there, or as FAILED where this build made
// it: the plugin is optional, but what was built must load.
#ifdef SYRINX_ESPEAK_BUILT
#define SYRINX_NEED_ESPEAK()                                                       \
  if (const auto espeak_ = ::syrinx::text::Espeak::load(); !espeak_.has_value()) { \
    FAIL() << espeak_.error().message;                                             \
  }                                                                                \
  static_assert(true)
#else
#define SYRINX_NEED_ESPEAK()                                                       \
  if (const auto espeak_ = ::syrinx::text::Espeak::load(); !espeak_.has_value()) { \
    GTEST_SKIP() << espeak_.error().message;                                       \
  }                                                                                \
  static_assert(true)
#endif
