// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>
#include <string>

#include "syrinx/core/nn/onnx/onnx_runtime.h"

// Ends the test as SKIPPED when ONNX Runtime cannot be loaded, or as FAILED when
// SYRINX_REQUIRE_ONNX=1: the library is optional, where test data is not.
#define SYRINX_NEED_ONNX()                                                                    \
  if (const auto onnx_ = ::syrinx::nn::OnnxRuntime::load(); !onnx_.has_value()) {             \
    const char* require_ = std::getenv("SYRINX_REQUIRE_ONNX");                                \
    if (require_ != nullptr && std::string(require_) == "1") FAIL() << onnx_.error().message; \
    GTEST_SKIP() << onnx_.error().message;                                                    \
  }                                                                                           \
  static_assert(true)
