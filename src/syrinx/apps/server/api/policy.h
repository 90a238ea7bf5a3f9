// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <mutex>
#include <utility>

#include "syrinx/apps/server/api/keys.h"
#include "syrinx/apps/server/api/options.h"
#include "syrinx/stages/text/lexicon/lexicon_stack.h"

namespace syrinx::server {

// What may change while the server runs: who may call, how much, in which voice and words. A call
// holds the policy that it came under to its end.
struct Policy {
  Policy(ServerOptions given, std::shared_ptr<text::LexiconStack> words)
      : options(std::move(given)), keys(options.keys), lexicons(std::move(words)) {}

  const ServerOptions options;  // Of it, all but where the server listens and its workers.
  const KeyRing keys;
  const std::shared_ptr<text::LexiconStack> lexicons;
};

// The policy for those who come now. Any thread.
class CurrentPolicy {
 public:
  explicit CurrentPolicy(std::shared_ptr<const Policy> first) : policy_(std::move(first)) {}
  std::shared_ptr<const Policy> get() const {
    const std::lock_guard lock(mutex_);
    return policy_;
  }
  void set(std::shared_ptr<const Policy> next) {
    const std::lock_guard lock(mutex_);
    policy_.swap(next);
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const Policy> policy_;
};

}  // namespace syrinx::server
