// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>

#include "syrinx/apps/server/api/core.h"

namespace syrinx::server {

// The server's figures for people: {"status", "uptime_s", "memory_bytes",
// "memory": {"bytes", "bytes_per_hour", "leaking", "leaks"}, "requests": {...},
// "first_audio_ms": {"p50", "p95", "count"}, "queue_wait_ms", "rtf", "gap_ms", "queue": {...},
// "responses": {status: n}, "rejected": {reason: n}, "voices": {name: {...}}, ...}. Always finite.
nlohmann::json stats_json(Core& core);

}  // namespace syrinx::server
