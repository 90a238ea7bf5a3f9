// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

namespace syrinx::support {

// The folder of outside test data: $SYRINX_DATA, or shared/data beside the checkout.
std::filesystem::path data_root();
// A path under data_root().
std::filesystem::path data_path(const std::string& relative);
// A path under tests/data of the checkout: what the project made itself, which is always there.
std::filesystem::path own_data_path(const std::string& relative);
// A fresh empty folder for one test, removed when the program ends.
std::filesystem::path scratch_dir();

}  // namespace syrinx::support

// Ends the test as SKIPPED when `relative` is missing under the data folder, or as FAILED when
// SYRINX_REQUIRE_DATA=1, as continuous integration sets it.
#define SYRINX_NEED_DATA(relative)                                                           \
  if (!std::filesystem::exists(::syrinx::support::data_path(relative))) {                    \
    const char* require_ = std::getenv("SYRINX_REQUIRE_DATA");                               \
    if (require_ != nullptr && std::string(require_) == "1")                                 \
      FAIL() << "required test data is missing: " << ::syrinx::support::data_path(relative); \
    GTEST_SKIP() << "test data is missing: " << ::syrinx::support::data_path(relative);      \
  }                                                                                          \
  static_assert(true)
