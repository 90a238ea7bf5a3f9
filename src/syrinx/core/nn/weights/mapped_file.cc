// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/nn/weights/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace syrinx::nn {
namespace {

Error refused(const char* verb, const std::filesystem::path& path) {
  const int why = errno;
  const bool missing = why == ENOENT || why == ENOTDIR;
  return make_error(missing ? ErrorCode::kNotFound : ErrorCode::kIo, "cannot ", verb, " '",
                    path.string(), "': ", std::strerror(why));
}

Result<std::span<const std::byte>> map(int fd, const std::filesystem::path& path) {
  struct stat facts {};
  if (fstat(fd, &facts) != 0) return refused("examine", path);
  if (!S_ISREG(facts.st_mode))
    return make_error(ErrorCode::kInvalidArgument, "'", path.string(),
                      "' is not a regular file; a weight file must be one");
  if (facts.st_size == 0) return std::span<const std::byte>{};
  const auto size = static_cast<std::size_t>(facts.st_size);
  void* const at = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd, 0);
  if (at == MAP_FAILED) return refused("map", path);
  return std::span<const std::byte>{static_cast<const std::byte*>(at), size};
}

}  // namespace

Result<MappedFile> MappedFile::open(const std::filesystem::path& path) {
  // Not blocking: a named pipe is refused, not waited for.
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return refused("open", path);
  auto bytes = map(fd, path);
  close(fd);
  if (!bytes) return std::move(bytes).error();
  return MappedFile(*bytes);
}

MappedFile::~MappedFile() {
  if (bytes_.empty()) return;
  munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
}

}  // namespace syrinx::nn
