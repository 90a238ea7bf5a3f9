// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <list>
#include <mutex>
#include <optional>
#include <utility>

#include "syrinx/core/nn/onnx/onnx_session.h"

namespace syrinx::nn {

// What makes two loads the same session.
struct SessionKey {
  std::filesystem::path model;  // Absolute and without links.
  std::uintmax_t bytes = 0;
  std::filesystem::file_time_type written;
  OnnxOptions options;

  friend bool operator==(const SessionKey&, const SessionKey&) = default;
};

// The sessions used last, at most limits::kMaxCachedOnnxSessions. Any thread.
class SessionCache {
 public:
  std::optional<OnnxSession> find(const SessionKey& key);
  // Keeps the session, letting go of the one used longest ago when there are too many.
  void keep(const SessionKey& key, const OnnxSession& session);
  void clear();

 private:
  std::mutex mutex_;
  std::list<std::pair<SessionKey, OnnxSession>> sessions_;  // Used last first.
};

SessionCache& session_cache();

}  // namespace syrinx::nn
