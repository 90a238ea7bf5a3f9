// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <utility>

#include "syrinx/core/base/result.h"

namespace syrinx::nn {

// A regular file seen as memory, read only, for as long as this lives.
class MappedFile {
 public:
  MappedFile() = default;
  // Errors: kNotFound; kInvalidArgument (not a regular file); kIo.
  static Result<MappedFile> open(const std::filesystem::path& path);

  MappedFile(MappedFile&& other) noexcept
      : fd_(std::exchange(other.fd_, -1)),
        bytes_(std::exchange(other.bytes_, {})),
        modified_ns_(other.modified_ns_) {}
  MappedFile& operator=(MappedFile&& other) noexcept {
    std::swap(fd_, other.fd_);
    std::swap(bytes_, other.bytes_);
    std::swap(modified_ns_, other.modified_ns_);
    return *this;
  }
  ~MappedFile();

  std::span<const std::byte> bytes() const noexcept { return bytes_; }
  // kCorruptData if the file was written to, made shorter or longer since it was opened. One that
  // took over its name is another file, and of no matter.
  Result<void> check_unchanged() const;

 private:
  int fd_ = -1;
  std::span<const std::byte> bytes_;
  std::int64_t modified_ns_ = 0;  // When, by the file system's clock.
};

}  // namespace syrinx::nn
