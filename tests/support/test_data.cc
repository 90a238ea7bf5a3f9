// SPDX-License-Identifier: Apache-2.0
#include "support/test_data.h"

#include <stdlib.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>

namespace syrinx::support {
namespace {

// One folder per process that was not there before: tests running side by side never meet, nor what
// one left that was killed.
class ScratchRoot {
 public:
  ScratchRoot() {
    std::string name = (std::filesystem::temp_directory_path() / "syrinx_test_XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr)
      throw std::filesystem::filesystem_error("no folder for a test's files", name,
                                              {errno, std::generic_category()});
    path_ = name;
  }
  ~ScratchRoot() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

std::filesystem::path tests_folder() { return SYRINX_TESTS_FOLDER; }

}  // namespace

std::filesystem::path data_root() {
  if (const char* given = std::getenv("SYRINX_DATA")) return given;
  // The folder beside the checkout.
  return tests_folder().parent_path().parent_path() / "shared" / "data";
}

std::filesystem::path own_data_path(const std::string& relative) {
  return tests_folder() / "data" / relative;
}

std::filesystem::path data_path(const std::string& relative) { return data_root() / relative; }

std::filesystem::path scratch_dir() {
  static const ScratchRoot root;
  static std::atomic<int> next{0};
  auto dir = root.path() / std::to_string(next++);
  std::filesystem::create_directories(dir);
  return dir;
}

}  // namespace syrinx::support
