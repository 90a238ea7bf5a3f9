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

std::int64_t modified_ns(const struct stat& facts) {
  return std::int64_t{facts.st_mtim.tv_sec} * 1'000'000'000 + facts.st_mtim.tv_nsec;
}

}  // namespace

Result<MappedFile> MappedFile::open(const std::filesystem::path& path) {
  MappedFile made;
  // Not blocking: a named pipe is refused, not waited for.
  made.fd_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (made.fd_ < 0) return refused("open", path);
  struct stat facts {};
  if (fstat(made.fd_, &facts) != 0) return refused("examine", path);
  if (!S_ISREG(facts.st_mode))
    return make_error(ErrorCode::kInvalidArgument, "'", path.string(),
                      "' is not a regular file; a weight file must be one");
  made.modified_ns_ = modified_ns(facts);
  if (facts.st_size == 0) return made;
  const auto size = static_cast<std::size_t>(facts.st_size);
  void* const at = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, made.fd_, 0);
  if (at == MAP_FAILED) return refused("map", path);
  made.bytes_ = {static_cast<const std::byte*>(at), size};
  return made;
}

Result<void> MappedFile::check_unchanged() const {
  if (fd_ < 0) return {};
  struct stat facts {};
  if (fstat(fd_, &facts) == 0 && static_cast<std::size_t>(facts.st_size) == bytes_.size() &&
      modified_ns(facts) == modified_ns_)
    return {};
  return make_error(ErrorCode::kCorruptData,
                    "the file was changed while it was being read: load it again when whoever "
                    "writes it has finished");
}

MappedFile::~MappedFile() {
  if (!bytes_.empty()) munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
  if (fd_ >= 0) close(fd_);
}

}  // namespace syrinx::nn
