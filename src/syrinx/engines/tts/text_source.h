// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "syrinx/core/flow/stream.h"

namespace syrinx::tts {

// Text that is already there.
std::unique_ptr<TextSource> text_from_string(std::string text);

// Text of a file or a pipe, read as it arrives. Never more than limits::kMaxTextBytes in all
// (kLimitExceeded). A NUL byte means that it is no text (kCorruptData).
class FileText final : public TextSource {
 public:
  // Errors: kNotFound; kInvalidArgument for a folder; kIo.
  static Result<std::unique_ptr<FileText>> open(const std::filesystem::path& path);
  // Reads an open descriptor, as standard input (0); it is not closed.
  static std::unique_ptr<FileText> from_fd(int fd, std::string name);
  ~FileText() override;
  FileText(const FileText&) = delete;
  FileText& operator=(const FileText&) = delete;

  // Bytes in all, when the file knows.
  std::optional<std::size_t> size_bytes() const noexcept { return size_bytes_; }
  // Waits in slices, so that a stop is noticed within 100 ms while a pipe is silent.
  Result<bool> next(std::string& piece, const std::stop_token& stop) override;

 private:
  FileText(int fd, bool owned, std::string name);

  int fd_;
  bool owned_;
  std::string name_;
  std::optional<std::size_t> size_bytes_;
  std::size_t read_bytes_ = 0;
};

}  // namespace syrinx::tts
