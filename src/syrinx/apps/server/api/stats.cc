// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/server/api/stats.h"

#include <cmath>

#include "syrinx/apps/server/api/handlers.h"
#include "syrinx/apps/server/speech/captions.h"

namespace syrinx::server {
namespace {

using nlohmann::json;

double rounded(double value) { return std::round(value * 10'000.0) / 10'000.0; }

json spread_json(const Histogram& histogram, double scale) {
  const auto now = histogram.snapshot();
  return {
      {"p50", rounded(scale * now.quantile(0.5))},
      {"p95", rounded(scale * now.quantile(0.95))},
      {"p99", rounded(scale * now.quantile(0.99))},
      {"count", now.count},
      {"mean", now.count > 0 ? rounded(scale * now.sum / static_cast<double>(now.count)) : 0.0}};
}

json counts_json(const LabelledCounter& counter) {
  json counts = json::object();
  for (const auto& [label, count] : counter.snapshot()) counts[label] = rounded(count);
  return counts;
}

json voices_json(const Metrics& metrics) {
  json voices = json::object();
  for (const auto& [name, count] : metrics.voice_requests.snapshot())
    voices[name]["requests"] = count;
  for (const auto& [name, seconds] : metrics.voice_audio_s.snapshot())
    voices[name]["audio_s"] = rounded(seconds);
  return voices;
}

json queue_json(const Core& core) {
  const auto work = core.scheduler.counts();
  return {{"tasks", work.tasks},
          {"waiting", work.waiting},
          {"running", work.running},
          {"stalled", work.stalled},
          {"longest_step_ms", rounded(1'000 * work.longest_step_s)},
          {"batch", work.batch},
          {"clients", work.clients},
          {"expected_wait_ms", rounded(1'000 * work.expected_wait_s)},
          {"most_tasks", core.options.work.max_tasks}};
}

json network_json(const Core& core) {
  const auto net = core.network->counts();
  return {{"connections", net.connections}, {"pending_bytes", net.pending_bytes},
          {"bytes_out", net.bytes_out},     {"bad_requests", net.bad_requests},
          {"slow_clients", net.timed_out},  {"sockets", core.metrics.sockets.load()}};
}

json memory_json(const Core& core) {
  const auto memory = core.memory.state();
  return {{"bytes", resident_bytes()},
          {"bytes_per_hour",
           memory.bytes_per_hour ? json(std::round(*memory.bytes_per_hour)) : json(nullptr)},
          {"leaking", memory.leaking},
          {"leaks", memory.episodes}};
}

json cache_json(Core& core) {
  if (!core.cache) return nullptr;
  const auto counts = core.cache->results().counts();
  return {{"hits", counts.hits},
          {"misses", counts.misses},
          {"hit_rate", rounded(counts.hit_rate())},
          {"entries", counts.entries},
          {"bytes", counts.bytes},
          {"max_bytes", counts.max_bytes},
          {"evicted", counts.evicted},
          {"damaged", counts.damaged}};
}

json batches_json(const Core& core) {
  if (!core.batches) return nullptr;
  const auto counts = core.batches->counts();
  return {{"active", counts.active},
          {"queued", counts.queued},
          {"items_completed", counts.items_completed},
          {"items_failed", counts.items_failed},
          {"items_resumed", counts.items_resumed},
          {"sentences", core.batch_metrics.sentences.load()},
          {"bytes", counts.bytes},
          {"max_bytes", counts.max_bytes}};
}

}  // namespace

json stats_json(Core& core) {
  Metrics& m = core.metrics;
  return {{"status", core.draining ? "draining" : "ready"},
          {"uptime_s", rounded(m.uptime_s())},
          {"memory_bytes", resident_bytes()},
          {"memory", memory_json(core)},
          {"requests", counts_json(m.requests)},
          {"responses", counts_json(m.responses)},
          {"rejected", counts_json(m.rejected)},
          {"cancelled", m.cancelled.load()},
          {"timed_out", m.timed_out.load()},
          {"sentences", m.sentences.load()},
          {"characters", m.characters.load()},
          {"first_audio_ms", spread_json(m.first_audio_s, 1'000)},
          {"queue_wait_ms", spread_json(m.queue_wait_s, 1'000)},
          {"gap_ms", spread_json(m.gap_s, 1'000)},
          {"rtf", spread_json(m.rtf, 1)},
          {"queue", queue_json(core)},
          {"network", network_json(core)},
          {"cache", cache_json(core)},
          {"batches", batches_json(core)},
          {"voices", voices_json(m)}};
}

void get_stats(Core& core, const std::shared_ptr<Call>& call) {
  http::Response response;
  response.fields = {{"Cache-Control", "no-store"}};
  response.body = json_line(stats_json(core));
  call->respond(std::move(response));
}

}  // namespace syrinx::server
