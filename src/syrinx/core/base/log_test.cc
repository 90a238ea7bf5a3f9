// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/base/log.h"

#include <gtest/gtest.h>

#include <string>

namespace syrinx {
namespace {

TEST(Log, HandsMessagesToTheHookAndDropsThemWithoutOne) {
  std::string seen;
  set_log_hook([&](LogLevel, std::string_view message) { seen += message; });
  log(LogLevel::kWarning, "late packet");
  set_log_hook({});
  log(LogLevel::kError, "nobody hears");
  EXPECT_EQ(seen, "late packet");
}

}  // namespace
}  // namespace syrinx
