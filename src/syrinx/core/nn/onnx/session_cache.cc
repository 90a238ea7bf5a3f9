// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/nn/onnx/session_cache.h"

#include <algorithm>

#include "syrinx/core/base/limits.h"

namespace syrinx::nn {

std::optional<OnnxSession> SessionCache::find(const SessionKey& key) {
  const std::lock_guard lock(mutex_);
  const auto found = std::find_if(sessions_.begin(), sessions_.end(),
                                  [&key](const auto& kept) { return kept.first == key; });
  if (found == sessions_.end()) return std::nullopt;
  sessions_.splice(sessions_.begin(), sessions_, found);
  return sessions_.front().second;
}

void SessionCache::keep(const SessionKey& key, const OnnxSession& session) {
  const std::lock_guard lock(mutex_);
  sessions_.emplace_front(key, session);
  if (sessions_.size() > limits::kMaxCachedOnnxSessions) sessions_.pop_back();
}

void SessionCache::clear() {
  const std::lock_guard lock(mutex_);
  sessions_.clear();
}

SessionCache& session_cache() {
  static SessionCache& cache = *new SessionCache;  // Outlives every other static object.
  return cache;
}

}  // namespace syrinx::nn
