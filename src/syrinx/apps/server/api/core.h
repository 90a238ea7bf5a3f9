// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "syrinx/apps/server/api/live.h"
#include "syrinx/apps/server/api/memory_watch.h"
#include "syrinx/apps/server/api/options.h"
#include "syrinx/apps/server/api/policy.h"
#include "syrinx/apps/server/http/exchange.h"
#include "syrinx/apps/server/http/network.h"
#include "syrinx/apps/server/jobs/batch_runner.h"
#include "syrinx/apps/server/metrics/metrics.h"
#include "syrinx/apps/server/speech/speech_cache.h"
#include "syrinx/apps/server/speech/speech_task.h"
#include "syrinx/apps/server/work/scheduler.h"
#include "syrinx/stages/text/lexicon/lexicon_stack.h"

namespace syrinx::server {

class Call;
struct Core;

// One line of the table of what may be asked.
struct Route {
  const char* method;
  const char* path;      // A segment "{name}" stands for any.
  const char* scope;     // What a key must be allowed; "" is open to everyone.
  std::size_t max_body;  // Bytes.
  void (*handle)(Core& core, const std::shared_ptr<Call>& call);
  const char* summary;
  const char* request;   // JSON Schema of the body; "" for none, "binary" for any bytes.
  const char* response;  // Content types, separated by spaces.
};

const std::vector<Route>& routes();

// What all handlers stand on. Outlives every call.
struct Core {
  Core(ServerOptions given, std::shared_ptr<text::LexiconStack> lexicons);

  const ServerOptions options;  // As the server was started: of it, what no policy changes.
  CurrentPolicy policy;
  RateLimiter rates;
  Metrics metrics;
  std::unique_ptr<SpeechCache> cache;    // nullptr: answers are not kept.
  work::Scheduler scheduler;             // Its tasks use what stands above: it goes before that.
  Metrics batch_metrics;                 // So that nobody who waits is mixed up with batches.
  std::unique_ptr<BatchRunner> batches;  // nullptr: there are none.
  std::atomic<bool> draining{false};
  std::atomic<std::uint64_t> calls{0};
  http::Network* network = nullptr;  // Set before the first call.
  MemoryWatch memory;
  std::unique_ptr<LiveFeed> live;
};

// One request on its way through the server: who asks, and what is noted when it is over. Handlers
// answer by respond() once, or write to `exchange` and call done().
class Call {
 public:
  Call(Core& core, std::shared_ptr<http::Exchange> exchange);

  const http::Request& request() const { return exchange->request(); }
  // The part of the path that stands for "{name}", or "".
  std::string path_part(std::string_view name) const;
  void respond(http::Response response);
  void refuse(const work::Refusal& refusal);
  // Notes how an answer ended that was written to the exchange. `tally` may be nullptr.
  void done(int status, std::string_view outcome, const SpeechTally* tally);
  double elapsed_s() const;

  Core& core;
  const std::shared_ptr<http::Exchange> exchange;
  const std::chrono::steady_clock::time_point arrival;
  const std::uint64_t number;
  const std::shared_ptr<const Policy> policy;
  const Route* route = nullptr;
  const ApiKey* key = nullptr;
  std::string client;  // "key:NAME" or "address:IP".
  std::string voice;   // For the log.

 private:
  bool is_done_ = false;
};

// The highest class that a call may have: its key's; the highest of all where there are no keys.
work::Priority highest_priority(const Call& call);

// Whose part of the workers a call takes, in which class: `wanted`, or the highest that it may have
// but no interactive one. Pre: wanted is not above highest_priority().
work::Owner owner_of(const Call& call, std::optional<work::Priority> wanted = {});

// Hands a task to the workers, or answers why not.
void submit(Core& core, const std::shared_ptr<Call>& call, std::shared_ptr<work::Task> task,
            std::optional<work::Priority> wanted = {});

}  // namespace syrinx::server
