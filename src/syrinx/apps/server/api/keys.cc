// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/server/api/keys.h"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <span>
#include <sstream>
#include <utility>

#include "syrinx/core/base/json.h"
#include "syrinx/core/base/limits.h"
#include "syrinx/core/base/sha256.h"

namespace syrinx::server {
namespace {

constexpr std::size_t kLeastKeyBytes = 8;

Error wrong(std::string_view file, std::size_t index, std::string_view what) {
  return make_error(ErrorCode::kCorruptData, file, ": keys[", index, "] ", what);
}

bool is_sha256(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

Result<std::vector<std::string>> scopes_of(const JsonValue& value, std::string_view file,
                                           std::size_t index) {
  const JsonValue* scopes = value.find("scopes");
  if (scopes == nullptr) return std::vector<std::string>{"*"};
  if (scopes->array() == nullptr) return wrong(file, index, "has 'scopes' that are no list");
  std::vector<std::string> names;
  for (const JsonValue& scope : *scopes->array()) {
    constexpr std::array<std::string_view, 7> kScopes{"*",       "speech", "jobs", "text",
                                                      "measure", "stats",  "admin"};
    const bool known = scope.text() != nullptr &&
                       std::find(kScopes.begin(), kScopes.end(), *scope.text()) != kScopes.end();
    if (!known)
      return wrong(file, index,
                   "has a scope that there is not; there are speech, jobs, text, measure, stats, "
                   "admin and *");
    names.push_back(*scope.text());
  }
  return names;
}

Result<double> number_of(const JsonValue& value, const char* name, double otherwise,
                         std::string_view file, std::size_t index) {
  const JsonValue* number = value.find(name);
  if (number == nullptr) return otherwise;
  if (number->number() && *number->number() >= 0) return *number->number();
  return wrong(file, index, std::string("has a '") + name + "' that is no number from 0 on");
}

Result<work::Priority> priority_of(const JsonValue& value, std::string_view file,
                                   std::size_t index) {
  const JsonValue* name = value.find("priority");
  if (name == nullptr) return work::Priority::kNormal;
  const auto priority =
      name->text() == nullptr ? std::nullopt : work::priority_named(*name->text());
  if (priority) return *priority;
  return wrong(file, index, "has a 'priority' that is not interactive, normal or batch");
}

Result<ApiKey> key_from(const JsonValue& value, std::string_view file, std::size_t index) {
  ApiKey key;
  const JsonValue* name = value.find("name");
  if (name == nullptr || name->text() == nullptr || name->text()->empty())
    return wrong(file, index, "has no 'name'");
  key.name = *name->text();
  const JsonValue* secret = value.find("key");
  const JsonValue* hash = value.find("sha256");
  if (secret != nullptr && secret->text() != nullptr && secret->text()->size() >= kLeastKeyBytes) {
    key.sha256 = key_of("", *secret->text()).sha256;
  } else if (hash != nullptr && hash->text() != nullptr && is_sha256(*hash->text())) {
    key.sha256 = *hash->text();
  } else {
    return wrong(file, index,
                 "has neither a 'key' of at least 8 characters nor a 'sha256' of 64 hexadecimal "
                 "digits in lower case");
  }
  SYRINX_ASSIGN(key.scopes, scopes_of(value, file, index));
  SYRINX_ASSIGN(key.requests_per_minute, number_of(value, "requests_per_minute", 0, file, index));
  SYRINX_ASSIGN(key.weight, number_of(value, "weight", 1, file, index));
  SYRINX_ASSIGN(key.priority, priority_of(value, file, index));
  return key;
}

bool same_in_constant_time(std::string_view a, std::string_view b) noexcept {
  unsigned difference = a.size() == b.size() ? 0 : 1;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
    difference |= static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i]);
  return difference == 0;
}

}  // namespace

ApiKey key_of(std::string name, std::string_view secret) {
  ApiKey key;
  key.name = std::move(name);
  key.sha256 = sha256_hex(std::as_bytes(std::span(secret)));
  key.scopes = {"*"};
  key.priority = work::Priority::kInteractive;
  return key;
}

Result<std::vector<ApiKey>> parse_keys(std::string_view json, std::string_view name) {
  const auto root = parse_json(json);
  if (!root) return make_error(root.error().code, name, ": ", root.error().message);
  const JsonValue* list = root->find("keys");
  if (list == nullptr || list->array() == nullptr)
    return make_error(ErrorCode::kCorruptData, name, " has no list 'keys'");
  if (list->array()->size() > limits::kMaxApiKeys)
    return make_error(ErrorCode::kLimitExceeded, name, " has ", list->array()->size(),
                      " keys and may have ", limits::kMaxApiKeys);
  std::vector<ApiKey> keys;
  for (const JsonValue& value : *list->array()) {
    SYRINX_ASSIGN(auto key, key_from(value, name, keys.size()));
    keys.push_back(std::move(key));
  }
  return keys;
}

Result<std::vector<ApiKey>> read_keys(const std::filesystem::path& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0)
    return make_error(ErrorCode::kNotFound, "there is no file '", file.string(), "' of API keys");
  std::ifstream in(file, std::ios::binary);
  if (!in) return make_error(ErrorCode::kIo, "cannot read the API keys '", file.string(), "'");
  if (static_cast<std::uint64_t>(status.st_size) > limits::kMaxConfigFileBytes)
    return make_error(ErrorCode::kLimitExceeded, "'", file.string(), "' is too long for API keys");
  std::ostringstream text;
  text << in.rdbuf();
  if ((status.st_mode & (S_IRGRP | S_IROTH)) != 0 &&
      text.str().find("\"key\"") != std::string::npos)
    return make_error(ErrorCode::kInvalidArgument, "'", file.string(),
                      "' holds keys and others may read it; run 'chmod 600 ", file.string(),
                      "', or give their sha256 instead");
  return parse_keys(text.str(), file.string());
}

const ApiKey* KeyRing::find(std::string_view secret) const {
  const std::string hash = key_of("", secret).sha256;
  const ApiKey* found = nullptr;
  for (const ApiKey& key : keys_) {
    if (same_in_constant_time(key.sha256, hash)) found = &key;
  }
  return found;
}

bool allows(const ApiKey& key, std::string_view scope) noexcept {
  return std::any_of(key.scopes.begin(), key.scopes.end(),
                     [scope](const std::string& own) { return own == "*" || own == scope; });
}

std::optional<double> RateLimiter::take(const std::string& client, double per_minute,
                                        TimePoint now) {
  if (per_minute <= 0) return std::nullopt;
  const double burst = std::max(1.0, per_minute / 10);
  const double per_second = per_minute / 60;
  const std::lock_guard lock(mutex_);
  if (buckets_.size() >= kMaxBuckets) buckets_.clear();  // Sooner generous than out of memory.
  auto [at, is_new] = buckets_.try_emplace(client, Bucket{burst, now});
  Bucket& bucket = at->second;
  const double since_s = std::chrono::duration<double>(now - bucket.filled).count();
  bucket.tokens = std::min(burst, bucket.tokens + since_s * per_second);
  bucket.filled = now;
  if (bucket.tokens < 1) return (1 - bucket.tokens) / per_second;
  bucket.tokens -= 1;
  return std::nullopt;
}

}  // namespace syrinx::server
