// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "syrinx/apps/server/http/network.h"
#include "syrinx/apps/server/jobs/batch.h"
#include "syrinx/apps/server/metrics/leak_watch.h"
#include "syrinx/apps/server/work/scheduler.h"

namespace syrinx::server {

// Who may call, for what, how often. The key itself is never kept: its SHA-256 is.
struct ApiKey {
  std::string name;                 // For logs and metrics.
  std::string sha256;               // 64 lower-case hexadecimal digits.
  std::vector<std::string> scopes;  // "speech", "jobs", "text", "measure", "stats", "admin"; "*".
  double requests_per_minute = 0;   // 0: as many as there is room for.
  double weight = 1.0;              // Of its part of the machine.
  // The highest class that its requests may ask for; what they have unless they ask.
  work::Priority priority = work::Priority::kNormal;
};

struct ServerOptions {
  http::Endpoint http{"127.0.0.1", 8080};
  std::optional<http::Endpoint> wyoming;
  bool wyoming_open = false;  // Wyoming has no keys: may it be reached by others all the same?
  std::optional<http::TlsFiles> tls;
  http::NetworkLimits network;
  work::WorkLimits work;
  LeakLimits leak;
  std::vector<ApiKey> keys;          // None: everyone may call, from this machine only.
  double requests_per_minute = 0;    // Of a client without a key; 0: no limit.
  std::vector<std::string> origins;  // That a browser may call from (CORS); "*" is all.
  std::string voice;                 // What speaks when a request names none; "": the built-in one.
  std::size_t max_input_characters = 4'096;  // Of one request's text, as OpenAI has it.
  double request_timeout_s = 600;            // From a request's arrival to its last byte.
  std::vector<std::filesystem::path> lexicons;
  // A TSV lexicon that is asked before those and may be changed by PUT /v1/lexicon; "": none.
  std::filesystem::path own_lexicon;
  std::filesystem::path cache_folder;  // Where answers are kept.
  std::uint64_t cache_bytes = 0;       // How much of them; 0: none are.
  std::filesystem::path warm_file;     // Requests whose answers are made and kept at the start.
  BatchLimits batches;
  double drain_s = 30;  // What requests under way get after SIGTERM.
};

}  // namespace syrinx::server
