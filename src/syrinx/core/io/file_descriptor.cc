// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/io/file_descriptor.h"

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <string>
#include <system_error>

namespace syrinx::io {
namespace {

// Whether the call that has just failed is worth another try; waits for a descriptor that would
// block.
bool retry_after_errno(int fd, short events) noexcept {
  if (errno == EINTR) return true;
  if (errno != EAGAIN && errno != EWOULDBLOCK) return false;
  pollfd waiting{fd, events, 0};
  return ::poll(&waiting, 1, -1) >= 0 || errno == EINTR;
}

}  // namespace

FileDescriptor::~FileDescriptor() {
  if (fd_ >= 0) ::close(fd_);
}

Error system_error(std::string_view verb, std::string_view name) {
  const int number = errno;
  const auto code = number == ENOENT || number == ENOTDIR ? ErrorCode::kNotFound : ErrorCode::kIo;
  return make_error(code, "cannot ", verb, " '", name,
                    "': ", std::generic_category().message(number));
}

Result<void> write_fully(int fd, Bytes bytes, std::string_view name) {
  while (!bytes.empty()) {
    const auto written = ::write(fd, bytes.data(), bytes.size());
    if (written >= 0) {
      bytes = bytes.subspan(static_cast<std::size_t>(written));
    } else if (!retry_after_errno(fd, POLLOUT)) {
      return system_error("write to", name);
    }
  }
  return {};
}

Result<std::size_t> read_fully(int fd, std::span<std::byte> out, std::string_view name) {
  std::size_t filled = 0;
  while (filled < out.size()) {
    const auto got = ::read(fd, out.data() + filled, out.size() - filled);
    if (got == 0) break;
    if (got > 0) {
      filled += static_cast<std::size_t>(got);
    } else if (!retry_after_errno(fd, POLLIN)) {
      return system_error("read", name);
    }
  }
  return filled;
}

Result<FileDescriptor> unnamed_temporary_file() {
  std::error_code failed;
  const auto folder = std::filesystem::temp_directory_path(failed);
  std::string name = (failed ? std::filesystem::path("/tmp") : folder) / "syrinx.XXXXXX";
  FileDescriptor file(::mkostemp(name.data(), O_CLOEXEC));
  if (!file) return system_error("make a temporary file like", name);
  ::unlink(name.c_str());
  return file;
}

}  // namespace syrinx::io
