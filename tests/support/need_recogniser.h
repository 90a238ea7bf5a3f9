// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "syrinx/stages/measure/recognition/recogniser.h"

// Ends the test as SKIPPED, counted, where PocketSphinx or its model is missing: both are optional.
#define SYRINX_NEED_RECOGNISER()                                                   \
  if (const auto recogniser_ = ::syrinx::measure::load_recogniser(); !recogniser_) \
    GTEST_SKIP() << recogniser_.error().message;                                   \
  static_assert(true)
