// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/server/cache/result_cache.h"

#include <algorithm>
#include <fstream>
#include <mutex>
#include <vector>

#include "syrinx/apps/server/cache/database.h"
#include "syrinx/core/base/sha256.h"
#include "syrinx/core/io/byte_sink.h"

namespace syrinx::server {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kLargestPart = 4;  // An entry has at most 1/4 of the cache.
constexpr std::size_t kKeyLettersInFolder = 2;

std::string digest_of(std::string_view bytes) {
  return sha256_hex(std::as_bytes(std::span(bytes)));
}

Result<void> write_file(const fs::path& path, std::string_view bytes) {
  std::error_code failed;
  fs::create_directories(path.parent_path(), failed);
  SYRINX_ASSIGN(const auto sink, io::make_file_sink(path));
  SYRINX_TRY(sink->write_at(0, std::as_bytes(std::span(bytes))));
  return sink->finish();
}

std::optional<std::string> read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(file), {}};
  if (!file) return std::nullopt;
  return bytes;
}

}  // namespace

bool is_cache_key(std::string_view key) noexcept {
  return key.size() == 64 && std::all_of(key.begin(), key.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

struct ResultCache::Impl {
  Impl(fs::path where, Database index) : folder(std::move(where)), database(std::move(index)) {}

  fs::path path_of(std::string_view key) const {
    return folder / "results" / key.substr(0, kKeyLettersInFolder) / key;
  }

  // A clock that only counts: the order of use, over restarts too.
  std::uint64_t tick() { return ++now; }

  Result<void> make_tables() {
    SYRINX_TRY(database.run(
        "CREATE TABLE IF NOT EXISTS results (key TEXT PRIMARY KEY, bytes INTEGER NOT NULL,"
        " digest TEXT NOT NULL, about TEXT NOT NULL, used INTEGER NOT NULL) WITHOUT ROWID"));
    SYRINX_TRY(database.run("CREATE INDEX IF NOT EXISTS by_use ON results (used)"));
    Statement sums = database.prepare("SELECT COUNT(*), TOTAL(bytes), MAX(used) FROM results");
    SYRINX_ASSIGN(const bool row, sums.step());
    if (row) {
      counts.entries = sums.number(0);
      counts.bytes = sums.number(1);
      now = sums.number(2);
    }
    return {};
  }

  bool knows(std::string_view key) {
    Statement find = database.prepare("SELECT 1 FROM results WHERE key = ?");
    const auto row = find.bind(key).step();
    return row && *row;
  }

  // Files that no row names: of writes that a crash cut short. A row without its file is met, and
  // dropped, when somebody asks for it.
  void sweep() {
    std::error_code failed;
    std::vector<fs::path> unknown;
    for (fs::recursive_directory_iterator at(folder / "results", failed), end; !failed && at != end;
         at.increment(failed)) {
      if (at->is_regular_file(failed) && !knows(at->path().filename().string()))
        unknown.push_back(at->path());
    }
    for (const fs::path& path : unknown) fs::remove(path, failed);
  }

  // The row first: without it the file is only something to sweep.
  Result<void> forget(const std::string& key, std::uint64_t bytes) {
    SYRINX_TRY(database.prepare("DELETE FROM results WHERE key = ?").bind(key).run());
    std::error_code ignored;
    fs::remove(path_of(key), ignored);
    counts.entries -= 1;
    counts.bytes -= std::min(counts.bytes, bytes);
    return {};
  }

  Result<void> make_room(std::uint64_t wanted) {
    while (counts.entries > 0 && counts.bytes + wanted > counts.max_bytes) {
      Statement oldest = database.prepare("SELECT key, bytes FROM results ORDER BY used LIMIT 1");
      SYRINX_ASSIGN(const bool row, oldest.step());
      if (!row) return {};
      SYRINX_TRY(forget(oldest.text(0), oldest.number(1)));
      ++counts.evicted;
    }
    return {};
  }

  // The result, or nothing; what is damaged is forgotten.
  std::optional<CachedResult> read(std::string_view key) {
    Statement find = database.prepare("SELECT bytes, digest, about FROM results WHERE key = ?");
    const auto row = find.bind(key).step();
    if (!row || !*row) return std::nullopt;
    auto bytes = read_file(path_of(key));
    if (bytes && digest_of(*bytes) == find.text(1))
      return CachedResult{std::move(*bytes), find.text(2)};
    ++counts.damaged;
    (void)forget(std::string(key), find.number(0)).has_value();
    return std::nullopt;
  }

  mutable std::mutex mutex;
  fs::path folder;
  Database database;
  CacheCounts counts;
  std::uint64_t now = 0;
};

ResultCache::ResultCache(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ResultCache::ResultCache(ResultCache&&) noexcept = default;
ResultCache& ResultCache::operator=(ResultCache&&) noexcept = default;
ResultCache::~ResultCache() = default;

Result<ResultCache> ResultCache::open(const fs::path& folder, std::uint64_t max_bytes) {
  if (max_bytes == 0)
    return make_error(ErrorCode::kInvalidArgument, "a cache of 0 bytes; give it room, or use none");
  std::error_code failed;
  fs::create_directories(folder / "results", failed);
  if (failed)
    return make_error(ErrorCode::kIo, "cannot make the folder '", folder.string(),
                      "' for the cache: ", failed.message());
  SYRINX_ASSIGN(auto database, Database::open(folder / "index.sqlite"));
  auto impl = std::make_unique<Impl>(folder, std::move(database));
  impl->counts.max_bytes = max_bytes;
  SYRINX_TRY(impl->make_tables());
  impl->sweep();
  SYRINX_TRY(impl->make_room(0));
  return ResultCache(std::move(impl));
}

std::optional<CachedResult> ResultCache::find(std::string_view key) {
  SYRINX_CHECK(is_cache_key(key), key);
  const std::lock_guard lock(impl_->mutex);
  auto result = impl_->read(key);
  ++(result ? impl_->counts.hits : impl_->counts.misses);
  if (result) {
    Statement touch = impl_->database.prepare("UPDATE results SET used = ? WHERE key = ?");
    (void)touch.bind(impl_->tick()).bind(key).run().has_value();  // At worst it goes too early.
  }
  return result;
}

Result<bool> ResultCache::put(std::string_view key, std::string_view bytes,
                              std::string_view about) {
  SYRINX_CHECK(is_cache_key(key), key);
  const std::lock_guard lock(impl_->mutex);
  if (bytes.size() > impl_->counts.max_bytes / kLargestPart) return false;
  if (impl_->knows(key)) return true;
  SYRINX_TRY(impl_->make_room(bytes.size()));
  SYRINX_TRY(write_file(impl_->path_of(key), bytes));
  Statement insert = impl_->database.prepare("INSERT INTO results VALUES (?, ?, ?, ?, ?)");
  insert.bind(key).bind(std::uint64_t{bytes.size()}).bind(digest_of(bytes)).bind(about);
  SYRINX_TRY(insert.bind(impl_->tick()).run());
  impl_->counts.entries += 1;
  impl_->counts.bytes += bytes.size();
  return true;
}

Result<void> ResultCache::clear() {
  const std::lock_guard lock(impl_->mutex);
  SYRINX_TRY(impl_->database.run("DELETE FROM results"));
  impl_->counts.entries = 0;
  impl_->counts.bytes = 0;
  impl_->sweep();
  return {};
}

Result<void> ResultCache::set_max_bytes(std::uint64_t max_bytes) {
  const std::lock_guard lock(impl_->mutex);
  impl_->counts.max_bytes = max_bytes;
  return impl_->make_room(0);
}

CacheCounts ResultCache::counts() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->counts;
}

}  // namespace syrinx::server
