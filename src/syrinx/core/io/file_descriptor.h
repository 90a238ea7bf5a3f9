// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <utility>

#include "syrinx/core/base/result.h"
#include "syrinx/core/io/bytes.h"

namespace syrinx::io {

// Owns an open file and closes it.
class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int fd) noexcept : fd_(fd) {}
  FileDescriptor(FileDescriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~FileDescriptor();

  int get() const noexcept { return fd_; }
  explicit operator bool() const noexcept { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

// The Error for what the operating system has just refused (errno): "cannot <verb> '<name>': ...".
// kNotFound for a missing file or folder, else kIo.
Error system_error(std::string_view verb, std::string_view name);

// Writes all of the bytes, waiting where a pipe is full. Errors: kIo.
Result<void> write_fully(int fd, Bytes bytes, std::string_view name);
// Reads until `out` is full or the input ends; returns how much. Errors: kIo.
Result<std::size_t> read_fully(int fd, std::span<std::byte> out, std::string_view name);

// A file without a name in the folder for temporary files, gone when closed. Errors: kIo.
Result<FileDescriptor> unnamed_temporary_file();

}  // namespace syrinx::io
