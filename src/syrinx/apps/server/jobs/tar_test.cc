// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/server/jobs/tar.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "support/test_data.h"

namespace syrinx::server {
namespace {

TEST(Tar, IsUnpackedByTarToTheSameFiles) {
  const auto folder = support::scratch_dir();
  const std::string first(1'000, 'a'), second = "b";
  const std::string long_name = std::string(96, 'n') + ".bin";
  std::ofstream(folder / "x.tar", std::ios::binary)
      << tar_header("first.txt", first.size(), 1'600'000'000) << first << tar_padding(first.size())
      << tar_header(long_name, second.size(), 0) << second << tar_padding(second.size())
      << tar_header("empty", 0, 0) << tar_padding(0) << tar_end();
  const std::string unpack = "tar -x -C " + folder.string() + " -f " + (folder / "x.tar").string();
  ASSERT_EQ(std::system(unpack.c_str()), 0);
  const auto text = [&](const std::string& name) {
    std::ifstream file(folder / name, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
  };
  EXPECT_EQ(text("first.txt"), first);
  EXPECT_EQ(text(long_name), second);
  EXPECT_EQ(std::filesystem::file_size(folder / "empty"), 0U);
}

TEST(Tar, PadsToWholeBlocks) {
  EXPECT_EQ(tar_padding(0).size(), 0U);
  EXPECT_EQ(tar_padding(1).size(), 511U);
  EXPECT_EQ(tar_padding(512).size(), 0U);
  EXPECT_EQ(tar_padding(513).size(), 511U);
  EXPECT_EQ(tar_header("a", 5, 0).size(), kTarBlockBytes);
}

}  // namespace
}  // namespace syrinx::server
