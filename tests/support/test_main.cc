// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstdlib>

// Asked for by LeakSanitizer: ONNX Runtime keeps 14 bytes from its start for good.
extern "C" const char* __lsan_default_suppressions();  // NOLINT: the name is the sanitizer's.
const char* __lsan_default_suppressions() { return "leak:libonnxruntime.so"; }  // NOLINT

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  // Safe beside threads, but it starts the program anew: an emulator that cannot sets the variable.
  if (std::getenv("GTEST_DEATH_TEST_STYLE") == nullptr)
    GTEST_FLAG_SET(death_test_style, "threadsafe");
  return RUN_ALL_TESTS();
}
