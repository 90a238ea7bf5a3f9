// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/io/json/json_file.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "support/test_data.h"
#include "syrinx/core/base/limits.h"

namespace syrinx::io {
namespace {

TEST(JsonFile, ReadsAConfigAndNamesTheFileInErrors) {
  const auto path = support::scratch_dir() / "config.json";
  std::ofstream(path) << R"({"upsample_rates": [8, 8, 2, 2]})";
  const auto config = read_json_file(path);
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->find("upsample_rates")->array()->size(), 4u);
  std::ofstream(path) << "{";
  EXPECT_NE(read_json_file(path).error().message.find("config.json"), std::string::npos);
  EXPECT_EQ(read_json_file("/nowhere.json").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(read_json_file("/tmp").error().code, ErrorCode::kInvalidArgument);
}

TEST(JsonFile, AFileThatIsTooLargeIsNotRead) {
  const auto path = support::scratch_dir() / "large.json";
  std::ofstream(path) << "1";
  std::filesystem::resize_file(path, limits::kMaxConfigFileBytes + 1);
  EXPECT_EQ(read_json_file(path).error().code, ErrorCode::kLimitExceeded);
}

}  // namespace
}  // namespace syrinx::io
