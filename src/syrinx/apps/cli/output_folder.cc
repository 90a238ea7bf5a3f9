// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/cli/output_folder.h"

#include <filesystem>

namespace syrinx::cli {

bool is_folder(const std::string& path) {
  std::error_code ignored;
  return path.ends_with('/') || std::filesystem::is_directory(path, ignored);
}

Result<void> make_folder(const std::string& path) {
  std::error_code failed;
  std::filesystem::create_directories(path, failed);
  if (!failed) return {};
  return make_error(ErrorCode::kIo, "cannot make the folder ", path, ": ", failed.message());
}

std::string name_in_folder(const std::string& folder, const std::string& input,
                           const std::string& format, const std::string& mark) {
  std::filesystem::path name = std::filesystem::path(input).filename();
  if (input == "-") name = "standard_input.wav";
  if (!mark.empty()) {
    const std::string extension = name.extension().string();
    name.replace_extension();
    name += "." + mark + extension;
  }
  if (!format.empty()) name.replace_extension(format);
  return (std::filesystem::path(folder) / name).string();
}

Error same_output_error(const std::string& path) {
  return make_error(ErrorCode::kInvalidArgument, "two of the sounds would be written to ", path,
                    "; give them different names");
}

}  // namespace syrinx::cli
