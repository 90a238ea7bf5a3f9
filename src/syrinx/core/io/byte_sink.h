// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "syrinx/core/base/result.h"
#include "syrinx/core/io/bytes.h"

namespace syrinx::io {

// Where the bytes of a file go. One thread at a time.
class ByteSink {
 public:
  virtual ~ByteSink() = default;
  // Whether write_at() can go back over what was written.
  virtual bool seekable() const noexcept = 0;
  // Writes all bytes at `offset` from the file's start; a sink that is not seekable takes only the
  // next offset. Errors: kIo.
  virtual Result<void> write_at(std::uint64_t offset, Bytes bytes) = 0;
  // Makes the file final. A sink destroyed before leaves nothing, if that is possible. Errors: kIo.
  virtual Result<void> finish() = 0;
};

// A file that exists under a temporary name until finish() renames it to `path`. Devices and pipes
// are written to as they are. Errors: kInvalidArgument (a directory), kNotFound, kIo.
Result<std::unique_ptr<ByteSink>> make_file_sink(const std::filesystem::path& path);

// An open descriptor from where it stands; not closed. Seekable if it is a regular file that is not
// in append mode.
std::unique_ptr<ByteSink> make_fd_sink(int fd, std::string name);

// Collects everything in an unnamed temporary file and hands it to `target`, front to back, at
// finish(): for formats that go back to their header on their way to a pipe. Errors: kIo.
Result<std::unique_ptr<ByteSink>> make_spooling_sink(std::unique_ptr<ByteSink> target);

}  // namespace syrinx::io
