// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/nn/weights/load.h"

namespace syrinx::nn {

struct ZipEntry {
  std::string name;
  bool stored = true;  // As it is; else deflated.
  std::uint32_t crc32 = 0;
  std::uint64_t packed_bytes = 0;
  std::uint64_t bytes = 0;
  std::uint64_t at = 0;  // Where its bytes begin in the file.
};

// The directory of a zip file in memory (PKWARE APPNOTE 6.3.10, with zip64). Nothing is ever
// unpacked to disk.
class ZipArchive {
 public:
  // Checks that every entry lies inside the file and over no other, and that its name stays inside
  // the archive. Errors: kCorruptData; kUnsupported (encrypted, another compression, several
  // disks); kLimitExceeded (kMaxZipEntries, kMaxZipNameBytes).
  static Result<ZipArchive> open(Bytes file);

  const std::vector<ZipEntry>& entries() const noexcept { return entries_; }
  // The entry's index, or the number of entries when there is none of that name.
  std::size_t find(std::string_view name) const noexcept;

  // The entry's bytes as they lie in the file.
  Bytes packed(const ZipEntry& entry) const noexcept;
  // The entry's contents, checked against its CRC-32. Errors: kCorruptData; kLimitExceeded when
  // they are more than `max_bytes` or packed tighter than any weights are.
  Result<std::vector<std::byte>> contents(const ZipEntry& entry, std::uint64_t max_bytes) const;
  // The first `count` bytes of the contents, or all when there are fewer; the CRC is not checked.
  Result<std::vector<std::byte>> beginning(const ZipEntry& entry, std::size_t count) const;
  // Holds the contents against their CRC-32. Errors: as contents().
  Result<void> check(const ZipEntry& entry) const;

 private:
  explicit ZipArchive(Bytes file) noexcept : file_(file) {}

  Bytes file_;
  std::vector<ZipEntry> entries_;  // Sorted by name.
};

// The CRC-32 of zip files (ISO 3309).
std::uint32_t crc32_of(Bytes bytes) noexcept;

}  // namespace syrinx::nn
