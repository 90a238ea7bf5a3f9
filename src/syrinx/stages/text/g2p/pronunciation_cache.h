// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

namespace syrinx::text {

// What was found out about words before. Never holds more than kMostWords in each of two
// generations: when one is full, it takes the place of the older one. Any thread may call.
template <class Value>
class PronunciationCache {
 public:
  static constexpr std::size_t kMostWords = 16'384;

  std::optional<Value> find(const std::string& key) {
    const std::lock_guard lock(mutex_);
    if (const auto young = young_.find(key); young != young_.end()) return young->second;
    const auto old = old_.find(key);
    if (old == old_.end()) return std::nullopt;
    Value value = old->second;
    add(key, value);
    return value;
  }
  void put(const std::string& key, const Value& value) {
    const std::lock_guard lock(mutex_);
    add(key, value);
  }
  std::size_t size() const {
    const std::lock_guard lock(mutex_);
    return young_.size() + old_.size();
  }

 private:
  void add(const std::string& key, const Value& value) {
    if (young_.size() >= kMostWords) old_ = std::exchange(young_, {});
    young_.emplace(key, value);
  }

  mutable std::mutex mutex_;
  std::unordered_map<std::string, Value> young_, old_;
};

}  // namespace syrinx::text
