// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/io/bytes.h"

namespace syrinx::io {

// Bytes of known number that can be read from anywhere. One thread at a time.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  virtual std::uint64_t size() const noexcept = 0;
  // Copies bytes from `offset` on and returns how many: all of `out`, or what there is. Errors:
  // kIo.
  virtual Result<std::size_t> read_at(std::uint64_t offset, std::span<std::byte> out) = 0;
};

// Looks at bytes that somebody else owns.
class MemoryBytes final : public ByteSource {
 public:
  explicit MemoryBytes(Bytes bytes) noexcept : bytes_(bytes) {}
  std::uint64_t size() const noexcept override { return bytes_.size(); }
  Result<std::size_t> read_at(std::uint64_t offset, std::span<std::byte> out) override;

 private:
  Bytes bytes_;
};

// `head`, then `length` bytes of another source from `offset` on: shows a decoder the part of a
// file that it needs and no more. Pre: offset + length <= tail->size().
class SplicedBytes final : public ByteSource {
 public:
  SplicedBytes(std::vector<std::byte> head, std::unique_ptr<ByteSource> tail, std::uint64_t offset,
               std::uint64_t length) noexcept;
  std::uint64_t size() const noexcept override { return head_.size() + length_; }
  Result<std::size_t> read_at(std::uint64_t offset, std::span<std::byte> out) override;

 private:
  std::vector<std::byte> head_;
  std::unique_ptr<ByteSource> tail_;
  std::uint64_t offset_;
  std::uint64_t length_;
};

// Answers whether the start of endless input is worth the rest.
using FirstBytesCheck = Result<void> (*)(Bytes first, std::string_view name);

// A file by name: regular files are read in place, anything else is spooled as below.
// Errors: kNotFound; kInvalidArgument (a directory); kIo; kLimitExceeded.
Result<std::unique_ptr<ByteSource>> open_bytes(const std::filesystem::path& path,
                                               std::uint64_t max_spool_bytes,
                                               FirstBytesCheck check);
// The same for an open descriptor, from where it stands; it is not closed. A pipe is copied into an
// unnamed temporary file, after `check` (if any) has accepted its first bytes.
Result<std::unique_ptr<ByteSource>> bytes_of_fd(int fd, const std::string& name,
                                                std::uint64_t max_spool_bytes,
                                                FirstBytesCheck check);

}  // namespace syrinx::io
