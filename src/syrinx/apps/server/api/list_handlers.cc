// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>
#include <string>

#include "syrinx/apps/server/api/errors.h"
#include "syrinx/apps/server/api/handlers.h"
#include "syrinx/apps/server/speech/captions.h"
#include "syrinx/apps/server/speech/speech_request.h"
#include "syrinx/apps/server/speech/voice_names.h"
#include "syrinx/engines/tts/voices.h"
#include "syrinx/stages/text/script/emotion.h"

namespace syrinx::server {
namespace {

using nlohmann::json;

http::Response json_response(const json& document, int status = 200) {
  http::Response response;
  response.status = status;
  response.body = json_line(document);
  return response;
}

json voice_json(const acoustic::VoiceInfo& voice, const std::string& chosen) {
  return {{"name", voice.name},
          {"engine", voice.engine},
          {"language", voice.language},
          {"gender", voice.gender},
          {"description", voice.description},
          {"licence", voice.licence},
          {"sample_rate_hz", voice.sample_rate_hz},
          {"default", voice.name == chosen}};
}

}  // namespace

// It lives also while it is stalled or leaks; whoever restarts it for that sees it here.
void get_health(Core& core, const std::shared_ptr<Call>& call) {
  const auto work = core.scheduler.counts();
  if (work.stalled == 0 && core.memory.state().leaking)
    return call->respond(
        json_response({{"status", "leaking"}, {"memory_bytes", resident_bytes()}}));
  if (work.stalled == 0) return call->respond(json_response({{"status", "ok"}}));
  call->respond(json_response(
      {{"status", "stalled"}, {"stalled", work.stalled}, {"longest_step_s", work.longest_step_s}}));
}

void get_readiness(Core& core, const std::shared_ptr<Call>& call) {
  if (core.draining) return call->respond(json_response({{"status", "draining"}}, 503));
  const auto work = core.scheduler.counts();
  if (work.stalled > 0)
    return call->respond(json_response({{"status", "stalled"}, {"stalled", work.stalled}}, 503));
  call->respond(json_response({{"status", "ready"}}));
}

void get_models(Core&, const std::shared_ptr<Call>& call) {
  json list = json::array();
  for (const std::string& name : model_names())
    list.push_back({{"id", name}, {"object", "model"}, {"created", 0}, {"owned_by", "syrinx"}});
  call->respond(json_response({{"object", "list"}, {"data", std::move(list)}}));
}

void get_voices(Core&, const std::shared_ptr<Call>& call) {
  const std::string chosen = resolved_voice(call->policy->options.voice);
  json list = json::array();
  for (const auto& voice : tts::available_voices()) list.push_back(voice_json(voice, chosen));
  json aliases = json::object();
  const auto names = tts::voice_aliases();
  for (const auto& alias : names) aliases[alias.name] = alias.voice;
  call->respond(json_response({{"voices", std::move(list)},
                               {"aliases", std::move(aliases)},
                               {"emotions", text::emotion_names()}}));
}

void get_metrics(Core& core, const std::shared_ptr<Call>& call) {
  PrometheusText text;
  Metrics& m = core.metrics;
  text.histogram("syrinx_first_audio_seconds", "From a request to its first sound.",
                 m.first_audio_s);
  text.histogram("syrinx_queue_wait_seconds", "From a request to the beginning of its work.",
                 m.queue_wait_s);
  text.histogram("syrinx_real_time_factor", "Seconds of work per second of sound.", m.rtf);
  text.histogram("syrinx_gap_seconds", "By which a sentence came after the sound before it ended.",
                 m.gap_s);
  text.histogram("syrinx_request_seconds", "From a request to the end of its answer.", m.request_s);
  text.counters("syrinx_requests_total", "Requests.", "route", m.requests);
  text.counters("syrinx_responses_total", "Answers.", "status", m.responses);
  text.counters("syrinx_rejected_total", "Requests that were turned away.", "reason", m.rejected);
  text.counters("syrinx_voice_requests_total", "Requests by voice.", "voice", m.voice_requests);
  text.counters("syrinx_voice_audio_seconds_total", "Sound made.", "voice", m.voice_audio_s);
  text.counter("syrinx_cancelled_total", "Requests whose client went away.",
               static_cast<double>(m.cancelled.load()));
  text.counter("syrinx_timed_out_total", "Requests that took longer than they may.",
               static_cast<double>(m.timed_out.load()));
  text.counter("syrinx_sentences_total", "Sentences said.", static_cast<double>(m.sentences));
  text.counter("syrinx_characters_total", "Characters asked for.",
               static_cast<double>(m.characters));
  const auto work = core.scheduler.counts();
  text.gauge("syrinx_tasks", "Requests under way.", static_cast<double>(work.tasks));
  text.gauge("syrinx_tasks_waiting", "Of them, those that wait for their first step.",
             static_cast<double>(work.waiting));
  text.gauge("syrinx_tasks_stalled", "Of them, those in a step that takes too long.",
             static_cast<double>(work.stalled));
  text.gauge("syrinx_longest_step_seconds", "How long the longest step that runs has taken.",
             work.longest_step_s);
  text.gauge("syrinx_batch_tasks", "Workers' tasks of batches.", static_cast<double>(work.batch));
  text.gauge("syrinx_clients", "Clients with requests under way.",
             static_cast<double>(work.clients));
  const auto net = core.network->counts();
  text.gauge("syrinx_connections", "Open connections.", static_cast<double>(net.connections));
  text.gauge("syrinx_pending_bytes", "Bytes that wait for clients.",
             static_cast<double>(net.pending_bytes));
  text.counter("syrinx_bytes_out_total", "Bytes sent.", static_cast<double>(net.bytes_out));
  text.counter("syrinx_bad_requests_total", "Requests that were no HTTP.",
               static_cast<double>(net.bad_requests));
  text.counter("syrinx_slow_clients_total", "Connections closed for slowness.",
               static_cast<double>(net.timed_out));
  if (core.cache) {
    const auto cache = core.cache->results().counts();
    text.counter("syrinx_cache_hits_total", "Answers that were made before.",
                 static_cast<double>(cache.hits));
    text.counter("syrinx_cache_misses_total", "Answers that were not.",
                 static_cast<double>(cache.misses));
    text.gauge("syrinx_cache_bytes", "Kept on disk.", static_cast<double>(cache.bytes));
  }
  if (core.batches) {
    const auto batches = core.batches->counts();
    text.gauge("syrinx_batches_active", "Batches that are worked off.",
               static_cast<double>(batches.active));
    text.gauge("syrinx_batches_queued", "Batches behind another of the same client.",
               static_cast<double>(batches.queued));
    text.gauge("syrinx_batch_bytes", "Results of batches on disk.",
               static_cast<double>(batches.bytes));
    text.counter("syrinx_batch_items_completed_total", "Requests of batches that were done.",
                 static_cast<double>(batches.items_completed));
    text.counter("syrinx_batch_items_failed_total", "Requests of batches that failed.",
                 static_cast<double>(batches.items_failed));
  }
  text.gauge("syrinx_resident_bytes", "Memory of the process.",
             static_cast<double>(resident_bytes()));
  const auto memory = core.memory.state();
  text.gauge("syrinx_memory_growth_bytes_per_hour",
             "Its trend over limits.leak_minutes at like load; 0 until it is known.",
             memory.bytes_per_hour.value_or(0));
  text.gauge("syrinx_memory_leaking", "1 while that looks like a leak.", memory.leaking ? 1 : 0);
  text.counter("syrinx_memory_leaks_total", "How often it began to.",
               static_cast<double>(memory.episodes));
  text.gauge("syrinx_uptime_seconds", "Since the start.", m.uptime_s());
  http::Response response;
  response.content_type = "text/plain; version=0.0.4; charset=utf-8";
  response.body = text.text();
  call->respond(std::move(response));
}

}  // namespace syrinx::server
