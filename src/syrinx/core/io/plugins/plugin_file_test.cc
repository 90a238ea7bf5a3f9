// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/io/plugins/plugin_file.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "support/test_data.h"

namespace syrinx::io {
namespace {

TEST(Plugin, IsLookedForInTheFoldersThatTheUserNamesFirst) {
  setenv("SYRINX_PLUGINS", "/one:relative:/two", 1);
  const auto places = plugin_places("libx.so");
  unsetenv("SYRINX_PLUGINS");
  ASSERT_GE(places.size(), 3u);
  EXPECT_EQ(places[0], "/one/libx.so");
  EXPECT_EQ(places[1], "/two/libx.so");
  for (const auto& place : places) EXPECT_TRUE(place.is_absolute()) << place;
}

TEST(Plugin, SaysWhereItLookedAndWhatToDo) {
  const auto missing = load_plugin({"/nowhere/libx.so"}, "entry", "install it");
  ASSERT_FALSE(missing.has_value());
  EXPECT_EQ(missing.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(missing.error().message,
            "the plugin is not here (looked for /nowhere/libx.so): install it");
}

TEST(Plugin, SaysWhyAFileThatIsThereIsNone) {
  const auto file = support::scratch_dir() / "libx.so";
  std::ofstream(file) << "not a library";
  const auto broken = load_plugin({file}, "entry", "install it");
  EXPECT_EQ(broken.error().code, ErrorCode::kUnavailable);
  EXPECT_NE(broken.error().message.find("cannot be loaded"), std::string::npos);
  for (const char* other :
       {"/lib/x86_64-linux-gnu/libm.so.6", "/lib/aarch64-linux-gnu/libm.so.6"}) {
    if (!std::filesystem::exists(other)) continue;
    const auto wrong = load_plugin({other}, "entry", "install it");
    EXPECT_EQ(wrong.error().code, ErrorCode::kUnsupported);
    EXPECT_NE(wrong.error().message.find("lacks the function entry"), std::string::npos);
  }
}

}  // namespace
}  // namespace syrinx::io
