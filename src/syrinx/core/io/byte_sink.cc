// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/io/byte_sink.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <random>
#include <string_view>
#include <utility>
#include <vector>

#include "syrinx/core/io/file_descriptor.h"

namespace syrinx::io {
namespace {

constexpr int kMaxLinks = 40;       // As Linux's own ELOOP.
constexpr int kNameAttempts = 100;  // Of 36^6 names.
constexpr std::size_t kMaxNameBytes = 255;
constexpr std::size_t kCopyBytes = std::size_t{64} << 10;

Result<void> pwrite_fully(int fd, std::uint64_t offset, Bytes bytes, std::string_view name) {
  while (!bytes.empty()) {
    const auto written = ::pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (written < 0 && errno != EINTR) return system_error("write to", name);
    if (written <= 0) continue;
    offset += static_cast<std::uint64_t>(written);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return {};
}

// A descriptor, owned or not, that can or cannot seek.
class FdSink final : public ByteSink {
 public:
  FdSink(int fd, FileDescriptor owned, std::string name)
      : fd_(fd), owned_(std::move(owned)), name_(std::move(name)) {
    struct stat status {};
    const bool regular = ::fstat(fd_, &status) == 0 && S_ISREG(status.st_mode);
    const bool appends = (::fcntl(fd_, F_GETFL) & O_APPEND) != 0;
    const off_t at = ::lseek(fd_, 0, SEEK_CUR);
    seekable_ = regular && !appends && at >= 0;
    if (seekable_) start_ = static_cast<std::uint64_t>(at);
  }

  bool seekable() const noexcept override { return seekable_; }

  Result<void> write_at(std::uint64_t offset, Bytes bytes) override {
    if (!seekable_ && offset != end_) {
      return make_error(ErrorCode::kIo, "cannot go back in '", name_, "'");
    }
    SYRINX_TRY(seekable_ ? pwrite_fully(fd_, start_ + offset, bytes, name_)
                         : write_fully(fd_, bytes, name_));
    end_ = std::max(end_, offset + bytes.size());
    return {};
  }

  // Leaves a seekable descriptor standing behind what was written, as write() would have.
  Result<void> finish() override {
    if (seekable_) ::lseek(fd_, static_cast<off_t>(start_ + end_), SEEK_SET);
    return {};
  }

 private:
  int fd_;
  FileDescriptor owned_;
  std::string name_;
  bool seekable_ = false;
  std::uint64_t start_ = 0;
  std::uint64_t end_ = 0;
};

// The file that a chain of symbolic links ends at, whether it exists or not.
Result<std::filesystem::path> follow_links(std::filesystem::path path) {
  for (int i = 0; i < kMaxLinks; ++i) {
    std::error_code failed;
    const auto target = std::filesystem::read_symlink(path, failed);
    if (failed) return path;  // Not a link: this is the place.
    path = target.is_absolute() ? target : path.parent_path() / target;
  }
  return make_error(ErrorCode::kIo, "'", path.string(), "' is a circle of symbolic links");
}

std::string random_letters() {
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz0123456789";
  std::random_device random;
  std::uniform_int_distribution<std::size_t> pick(0, kLetters.size() - 1);
  std::string letters;
  for (int i = 0; i < 6; ++i) letters += kLetters[pick(random)];
  return letters;
}

// ".name.XXXXXX.part" beside `target`, its middle cut where the name would be too long.
std::filesystem::path temporary_name(const std::filesystem::path& target) {
  const std::string tail = std::string(1, '.').append(random_letters()).append(".part");
  std::string name = std::string(1, '.').append(target.filename().string());
  if (name.size() + tail.size() > kMaxNameBytes) name.resize(kMaxNameBytes - tail.size());
  return target.parent_path() / (name + tail);
}

void sync_folder(const std::filesystem::path& file) noexcept {
  const auto folder = file.parent_path();
  const FileDescriptor opened(
      ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (opened) ::fsync(opened.get());  // Best effort: some file systems refuse.
}

// A regular file under a temporary name.
class TemporaryFile final : public ByteSink {
 public:
  TemporaryFile(FileDescriptor file, std::filesystem::path temporary, std::filesystem::path target)
      : file_(std::move(file)), temporary_(std::move(temporary)), target_(std::move(target)) {}
  ~TemporaryFile() override {
    if (!finished_) ::unlink(temporary_.c_str());
  }

  bool seekable() const noexcept override { return true; }
  Result<void> write_at(std::uint64_t offset, Bytes bytes) override {
    return pwrite_fully(file_.get(), offset, bytes, target_.string());
  }
  Result<void> finish() override {
    if (::fsync(file_.get()) != 0) return system_error("write to", target_.string());
    if (::rename(temporary_.c_str(), target_.c_str()) != 0) {
      return system_error("put the finished file in place as", target_.string());
    }
    finished_ = true;
    sync_folder(target_);
    return {};
  }

 private:
  FileDescriptor file_;
  std::filesystem::path temporary_;
  std::filesystem::path target_;
  bool finished_ = false;
};

// `replaced` is the status of the file that will be replaced, whose permissions are kept; null when
// there is none.
Result<std::unique_ptr<ByteSink>> make_temporary_file(const std::filesystem::path& target,
                                                      const struct stat* replaced) {
  for (int i = 0; i < kNameAttempts; ++i) {
    auto temporary = temporary_name(target);
    constexpr mode_t kAllButUmask = 0666;
    FileDescriptor file(
        ::open(temporary.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, kAllButUmask));
    if (file) {
      if (replaced != nullptr) ::fchmod(file.get(), replaced->st_mode & 07777);
      return std::unique_ptr<ByteSink>(
          std::make_unique<TemporaryFile>(std::move(file), std::move(temporary), target));
    }
    if (errno != EEXIST) break;
  }
  return system_error("write", target.string());
}

Result<std::unique_ptr<ByteSink>> open_special(const std::filesystem::path& target) {
  FileDescriptor file(::open(target.c_str(), O_WRONLY | O_CLOEXEC));
  if (!file) return system_error("write", target.string());
  const int fd = file.get();
  return std::unique_ptr<ByteSink>(std::make_unique<FdSink>(fd, std::move(file), target.string()));
}

class SpoolingSink final : public ByteSink {
 public:
  SpoolingSink(FileDescriptor spool, std::unique_ptr<ByteSink> target)
      : spool_(std::move(spool)), target_(std::move(target)) {}

  bool seekable() const noexcept override { return true; }
  Result<void> write_at(std::uint64_t offset, Bytes bytes) override {
    return pwrite_fully(spool_.get(), offset, bytes, "a temporary file");
  }
  Result<void> finish() override {
    std::vector<std::byte> chunk(kCopyBytes);
    if (::lseek(spool_.get(), 0, SEEK_SET) < 0) return system_error("read", "a temporary file");
    for (std::uint64_t at = 0;;) {
      SYRINX_ASSIGN(const std::size_t got, read_fully(spool_.get(), chunk, "a temporary file"));
      if (got == 0) return target_->finish();
      SYRINX_TRY(target_->write_at(at, Bytes(chunk).first(got)));
      at += got;
    }
  }

 private:
  FileDescriptor spool_;
  std::unique_ptr<ByteSink> target_;
};

}  // namespace

Result<std::unique_ptr<ByteSink>> make_file_sink(const std::filesystem::path& path) {
  if (path.filename().empty()) {
    return make_error(ErrorCode::kInvalidArgument, "'", path.string(),
                      "' is not the name of a file to write");
  }
  SYRINX_ASSIGN(const auto target, follow_links(path));
  struct stat status {};
  if (::stat(target.c_str(), &status) != 0) return make_temporary_file(target, nullptr);
  if (S_ISDIR(status.st_mode)) {
    return make_error(ErrorCode::kInvalidArgument, "'", path.string(),
                      "' is a folder; name a file in it");
  }
  if (!S_ISREG(status.st_mode)) return open_special(target);
  if (::access(target.c_str(), W_OK) != 0) return system_error("write", path.string());
  return make_temporary_file(target, &status);
}

std::unique_ptr<ByteSink> make_fd_sink(int fd, std::string name) {
  return std::make_unique<FdSink>(fd, FileDescriptor(), std::move(name));
}

Result<std::unique_ptr<ByteSink>> make_spooling_sink(std::unique_ptr<ByteSink> target) {
  SYRINX_ASSIGN(FileDescriptor spool, unnamed_temporary_file());
  return std::unique_ptr<ByteSink>(
      std::make_unique<SpoolingSink>(std::move(spool), std::move(target)));
}

}  // namespace syrinx::io
