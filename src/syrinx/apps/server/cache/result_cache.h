// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "syrinx/core/base/result.h"

namespace syrinx::server {

// What was kept under a key.
struct CachedResult {
  std::string bytes;
  std::string about;  // What the writer said of it, as JSON.
};

struct CacheCounts {
  std::uint64_t hits = 0;  // Since open().
  std::uint64_t misses = 0;
  std::uint64_t evicted = 0;
  std::uint64_t damaged = 0;  // Entries whose bytes were not what was written; dropped.
  std::uint64_t entries = 0;  // Now.
  std::uint64_t bytes = 0;    // Of all entries, now.
  std::uint64_t max_bytes = 0;

  // Of those asked for; 0 when nothing was.
  double hit_rate() const noexcept {
    const auto asked = static_cast<double>(hits + misses);
    return asked > 0 ? static_cast<double>(hits) / asked : 0.0;
  }
};

// Results on disk under the digest of everything that made them: the same key is the same bytes for
// ever, so nothing is ever stale. The least recently used go when there are more bytes than
// allowed. An index in SQLite (write-ahead log), the bytes in files of their own, written under a
// temporary name, flushed and renamed before the index knows them: a crash at any moment loses at
// most what was being written. One process per folder. Any thread.
class ResultCache {
 public:
  // Makes the folder if need be, and sweeps up what a crash left. Errors: kIo; kUnavailable when
  // another process has the folder; kInvalidArgument (no bytes allowed).
  static Result<ResultCache> open(const std::filesystem::path& folder, std::uint64_t max_bytes);
  ResultCache(ResultCache&&) noexcept;
  ResultCache& operator=(ResultCache&&) noexcept;
  ~ResultCache();

  // What is under the key, checked by its digest; nothing without it, or when the disk does not
  // give it. Pre: is_cache_key(key).
  std::optional<CachedResult> find(std::string_view key);
  // Keeps the bytes, making room for them. What is larger than a quarter of all is not kept: false.
  // Errors: kIo, and then nothing is kept. Pre: is_cache_key(key).
  Result<bool> put(std::string_view key, std::string_view bytes, std::string_view about);
  // Forgets everything. Errors: kIo.
  Result<void> clear();
  // Changes how much may be kept; evicts at once. Errors: kIo.
  Result<void> set_max_bytes(std::uint64_t max_bytes);

  CacheCounts counts() const;

 private:
  struct Impl;
  explicit ResultCache(std::unique_ptr<Impl> impl);

  std::unique_ptr<Impl> impl_;
};

// A SHA-256 as 64 lower-case hexadecimal digits: no key is ever a path.
bool is_cache_key(std::string_view key) noexcept;

}  // namespace syrinx::server
