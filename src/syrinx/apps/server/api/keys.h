// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "syrinx/apps/server/api/options.h"
#include "syrinx/core/base/result.h"

namespace syrinx::server {

// Reads a file of keys: {"keys": [{"name", "key" or "sha256", "scopes", "requests_per_minute",
// "weight", "priority"}]}. A plain key is hashed at once and not kept. Errors: those of the file;
// kCorruptData naming the entry; kInvalidArgument when others than its owner may read a file with
// plain keys.
Result<std::vector<ApiKey>> read_keys(const std::filesystem::path& file);
// The same of text; `name` is for messages.
Result<std::vector<ApiKey>> parse_keys(std::string_view json, std::string_view name);

// A key that everything is allowed with.
ApiKey key_of(std::string name, std::string_view secret);

// Finds keys by their hash, compared in constant time.
class KeyRing {
 public:
  explicit KeyRing(std::vector<ApiKey> keys) : keys_(std::move(keys)) {}
  bool empty() const noexcept { return keys_.empty(); }
  // The key, or nullptr. Any thread.
  const ApiKey* find(std::string_view secret) const;

 private:
  std::vector<ApiKey> keys_;
};

bool allows(const ApiKey& key, std::string_view scope) noexcept;

// So many requests a minute for each client, a burst of a tenth of that (at least one) at once.
// Any thread.
class RateLimiter {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  // Seconds to wait, or nothing when the request may be made now. `per_minute` 0: always.
  std::optional<double> take(const std::string& client, double per_minute, TimePoint now);

 private:
  struct Bucket {
    double tokens = 0;
    TimePoint filled;
  };
  static constexpr std::size_t kMaxBuckets = 65'536;
  std::mutex mutex_;
  std::map<std::string, Bucket> buckets_;
};

}  // namespace syrinx::server
