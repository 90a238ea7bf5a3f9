// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/tts/text_source.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "syrinx/core/base/limits.h"

namespace syrinx::tts {
namespace {

constexpr std::size_t kPieceBytes = 64 * 1024;
constexpr int kPollMs = 100;

class StringText final : public TextSource {
 public:
  explicit StringText(std::string text) : text_(std::move(text)) {}

  Result<bool> next(std::string& piece, const std::stop_token& stop) override {
    if (stop.stop_requested()) return make_error(ErrorCode::kCancelled, "stopped");
    if (text_.size() > limits::kMaxTextBytes)
      return make_error(ErrorCode::kLimitExceeded, "the text has ", text_.size(),
                        " bytes; at most ", limits::kMaxTextBytes, " can be spoken at once");
    if (given_) return false;
    piece = std::move(text_);
    given_ = true;
    return true;
  }

 private:
  std::string text_;
  bool given_ = false;
};

Error read_error(const std::string& name) {
  return make_error(ErrorCode::kIo, "cannot read ", name, ": ", std::strerror(errno));
}

}  // namespace

std::unique_ptr<TextSource> text_from_string(std::string text) {
  return std::make_unique<StringText>(std::move(text));
}

FileText::FileText(int fd, bool owned, std::string name)
    : fd_(fd), owned_(owned), name_(std::move(name)) {
  struct stat status {};
  if (fstat(fd_, &status) == 0 && S_ISREG(status.st_mode))
    size_bytes_ = static_cast<std::size_t>(status.st_size);
}

FileText::~FileText() {
  if (owned_) close(fd_);
}

Result<std::unique_ptr<FileText>> FileText::open(const std::filesystem::path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    const auto code = errno == ENOENT ? ErrorCode::kNotFound : ErrorCode::kIo;
    return make_error(code, "cannot open the text ", path, ": ", std::strerror(errno));
  }
  struct stat status {};
  if (fstat(fd, &status) == 0 && S_ISDIR(status.st_mode)) {
    close(fd);
    return make_error(ErrorCode::kInvalidArgument, path, " is a folder; give a text file");
  }
  return std::unique_ptr<FileText>(new FileText(fd, true, path.string()));
}

std::unique_ptr<FileText> FileText::from_fd(int fd, std::string name) {
  return std::unique_ptr<FileText>(new FileText(fd, false, std::move(name)));
}

Result<bool> FileText::next(std::string& piece, const std::stop_token& stop) {
  pollfd ready{fd_, POLLIN, 0};
  while (poll(&ready, 1, kPollMs) <= 0) {
    if (stop.stop_requested()) return make_error(ErrorCode::kCancelled, "stopped");
  }
  piece.resize(kPieceBytes);
  ssize_t got = -1;
  do {
    got = read(fd_, piece.data(), piece.size());
  } while (got < 0 && errno == EINTR && !stop.stop_requested());
  if (got < 0) return read_error(name_);
  piece.resize(static_cast<std::size_t>(got));
  read_bytes_ += piece.size();
  if (read_bytes_ > limits::kMaxTextBytes)
    return make_error(ErrorCode::kLimitExceeded, name_, " has more than ", limits::kMaxTextBytes,
                      " bytes, the most that can be spoken at once");
  if (piece.find('\0') != std::string::npos)
    return make_error(ErrorCode::kCorruptData, name_,
                      " holds NUL bytes, so it is not UTF-8 text; convert it first");
  return got > 0;
}

}  // namespace syrinx::tts
