// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/io/byte_source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "syrinx/core/io/file_descriptor.h"

namespace syrinx::io {
namespace {

constexpr std::size_t kSpoolChunkBytes = std::size_t{64} << 10;

// An open file from `start` on.
class FileBytes final : public ByteSource {
 public:
  FileBytes(FileDescriptor file, std::uint64_t start, std::uint64_t size, std::string name)
      : file_(std::move(file)), start_(start), size_(size), name_(std::move(name)) {}

  std::uint64_t size() const noexcept override { return size_; }

  Result<std::size_t> read_at(std::uint64_t offset, std::span<std::byte> out) override {
    if (offset >= size_) return std::size_t{0};
    const auto wanted =
        static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), size_ - offset));
    std::size_t filled = 0;
    while (filled < wanted) {
      const auto got = ::pread(file_.get(), out.data() + filled, wanted - filled,
                               static_cast<off_t>(start_ + offset + filled));
      if (got == 0) break;  // The file has become shorter since.
      if (got < 0 && errno != EINTR) return system_error("read", name_);
      if (got > 0) filled += static_cast<std::size_t>(got);
    }
    return filled;
  }

 private:
  FileDescriptor file_;
  std::uint64_t start_;
  std::uint64_t size_;
  std::string name_;
};

Error spool_limit_error(const std::string& name, std::uint64_t max_bytes) {
  return make_error(ErrorCode::kLimitExceeded, "'", name,
                    "' is not a plain file and goes on after ", max_bytes,
                    " bytes, the most that is copied to read it; save it to a file first");
}

// Copies the rest of `fd` into `spool`, which already holds `size` bytes; returns the new size.
Result<std::uint64_t> copy_rest(int fd, int spool, std::uint64_t size, std::uint64_t max_bytes,
                                const std::string& name) {
  std::vector<std::byte> chunk(kSpoolChunkBytes);
  for (;;) {
    SYRINX_ASSIGN(const std::size_t got, read_fully(fd, chunk, name));
    if (got == 0) return size;
    if (got > max_bytes - size) return spool_limit_error(name, max_bytes);
    SYRINX_TRY(write_fully(spool, Bytes(chunk).first(got), "a temporary file"));
    size += got;
  }
}

Result<std::unique_ptr<ByteSource>> spool(int fd, const std::string& name, std::uint64_t max_bytes,
                                          FirstBytesCheck check) {
  std::vector<std::byte> first(kSpoolChunkBytes);
  SYRINX_ASSIGN(const std::size_t got, read_fully(fd, first, name));
  const Bytes head = Bytes(first).first(got);
  if (check != nullptr) SYRINX_TRY(check(head, name));
  if (got > max_bytes) return spool_limit_error(name, max_bytes);
  SYRINX_ASSIGN(FileDescriptor file, unnamed_temporary_file());
  SYRINX_TRY(write_fully(file.get(), head, "a temporary file"));
  SYRINX_ASSIGN(const std::uint64_t size, copy_rest(fd, file.get(), got, max_bytes, name));
  return std::unique_ptr<ByteSource>(std::make_unique<FileBytes>(std::move(file), 0, size, name));
}

struct stat status_of(int fd) noexcept {
  struct stat status {};
  if (::fstat(fd, &status) != 0) status.st_mode = 0;
  return status;
}

}  // namespace

Result<std::size_t> MemoryBytes::read_at(std::uint64_t offset, std::span<std::byte> out) {
  if (offset >= bytes_.size()) return std::size_t{0};
  const auto from = bytes_.subspan(static_cast<std::size_t>(offset));
  const std::size_t count = std::min(out.size(), from.size());
  std::copy_n(from.begin(), count, out.begin());
  return count;
}

SplicedBytes::SplicedBytes(std::vector<std::byte> head, std::unique_ptr<ByteSource> tail,
                           std::uint64_t offset, std::uint64_t length) noexcept
    : head_(std::move(head)), tail_(std::move(tail)), offset_(offset), length_(length) {}

Result<std::size_t> SplicedBytes::read_at(std::uint64_t offset, std::span<std::byte> out) {
  std::size_t filled = 0;
  if (offset < head_.size()) {
    const auto from = Bytes(head_).subspan(static_cast<std::size_t>(offset));
    filled = std::min(out.size(), from.size());
    std::copy_n(from.begin(), filled, out.begin());
  }
  const std::uint64_t tail_at = std::max<std::uint64_t>(offset, head_.size()) - head_.size();
  if (tail_at >= length_) return filled;
  const auto wanted = std::min<std::uint64_t>(out.size() - filled, length_ - tail_at);
  SYRINX_ASSIGN(
      const std::size_t got,
      tail_->read_at(offset_ + tail_at, out.subspan(filled, static_cast<std::size_t>(wanted))));
  return filled + got;
}

Result<std::unique_ptr<ByteSource>> open_bytes(const std::filesystem::path& path,
                                               std::uint64_t max_spool_bytes,
                                               FirstBytesCheck check) {
  FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return system_error("open", path.string());
  const auto status = status_of(file.get());
  if (S_ISDIR(status.st_mode)) {
    return make_error(ErrorCode::kInvalidArgument, "'", path.string(),
                      "' is a folder; name an audio file in it");
  }
  if (!S_ISREG(status.st_mode)) return spool(file.get(), path.string(), max_spool_bytes, check);
  return std::unique_ptr<ByteSource>(std::make_unique<FileBytes>(
      std::move(file), 0, static_cast<std::uint64_t>(status.st_size), path.string()));
}

Result<std::unique_ptr<ByteSource>> bytes_of_fd(int fd, const std::string& name,
                                                std::uint64_t max_spool_bytes,
                                                FirstBytesCheck check) {
  const auto status = status_of(fd);
  const off_t at = ::lseek(fd, 0, SEEK_CUR);
  if (!S_ISREG(status.st_mode) || at < 0) return spool(fd, name, max_spool_bytes, check);
  FileDescriptor own(::fcntl(fd, F_DUPFD_CLOEXEC, 0));
  if (!own) return system_error("read", name);
  const auto size = static_cast<std::uint64_t>(std::max<off_t>(status.st_size - at, 0));
  return std::unique_ptr<ByteSource>(
      std::make_unique<FileBytes>(std::move(own), static_cast<std::uint64_t>(at), size, name));
}

}  // namespace syrinx::io
