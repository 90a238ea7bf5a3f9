// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/cli/page_file.h"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

namespace syrinx::cli {
namespace {

Error cannot_write(const std::string& what, const std::string& path) {
  return make_error(ErrorCode::kIo, "cannot write ", what, " ", path, ": ", std::strerror(errno));
}

bool write_all(std::FILE* file, const std::string& text) {
  return std::fwrite(text.data(), 1, text.size(), file) == text.size() && std::fflush(file) == 0;
}

}  // namespace

Result<void> write_whole(const std::string& path, const std::string& text,
                         const std::string& what) {
  if (path == "-") {
    if (!write_all(stdout, text)) return cannot_write(what, "to standard output");
    return {};
  }
  const std::string part = path + "." + std::to_string(getpid()) + ".part";
  std::FILE* file = std::fopen(part.c_str(), "wbx");
  if (file == nullptr) return cannot_write(what, path);
  const bool written = write_all(file, text);
  const bool closed = std::fclose(file) == 0;
  if (written && closed && std::rename(part.c_str(), path.c_str()) == 0) return {};
  const Error error = cannot_write(what, path);
  std::remove(part.c_str());
  return error;
}

Result<void> write_page(const std::string& path, const std::string& html) {
  return write_whole(path, html, "the page");
}

Result<void> check_not_input(const std::string& path, std::span<const std::string> inputs) {
  if (path.empty() || path == "-") return {};
  for (const std::string& input : inputs) {
    std::error_code ignored;
    if (path != input && !std::filesystem::equivalent(path, input, ignored)) continue;
    return make_error(ErrorCode::kInvalidArgument, "the page would overwrite ", path,
                      ", which is one of the inputs; give it another name, as page.html");
  }
  return {};
}

}  // namespace syrinx::cli
