// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "syrinx/apps/server/api/errors.h"
#include "syrinx/apps/server/api/handlers.h"
#include "syrinx/apps/server/speech/speech_request.h"
#include "syrinx/apps/server/speech/speech_task.h"
#include "syrinx/apps/server/speech/speech_writers.h"

namespace syrinx::server {
namespace {

// One answer that is larger is not kept.
constexpr std::uint64_t kMostKeptBytes = std::uint64_t{64} << 20;

// What a caller is told when it is not known before the work which member was wrong.
std::string_view param_of(const Error& error) {
  return error.code == ErrorCode::kNotFound ? "voice" : "";
}

int status_of(std::string_view outcome) {
  if (outcome == "cancelled") return 499;
  return outcome == "done" ? 200 : 500;
}

void note(Core& core, Call& call, std::string_view outcome, const SpeechTally& tally) {
  if (outcome == "cancelled") ++core.metrics.cancelled;
  if (outcome == "timeout") ++core.metrics.timed_out;
  if (tally.audio_s > 0) {
    core.metrics.rtf.add(tally.work_s / tally.audio_s);
    core.metrics.voice_audio_s.add(call.voice, tally.audio_s);
  }
  call.done(status_of(outcome), outcome, &tally);
}

// Keeps the answer, where answers are kept.
void set_writer(Core& core, SpeechSetup& setup, std::string form) {
  std::shared_ptr<http::Exchange> to = setup.exchange;
  if (core.cache) {
    const auto most = core.cache->results().counts().max_bytes / 4;
    setup.cache = core.cache.get();
    setup.recording = std::make_shared<RecordingExchange>(to, std::min(most, kMostKeptBytes));
    to = setup.recording;
  }
  setup.writer = speech_writer(std::move(to), setup.request, form);
  setup.cache_form = std::move(form);
}

void speak(Core& core, const std::shared_ptr<Call>& call, bool captions) {
  SpeechSetup setup;
  const ServerOptions& options = call->policy->options;
  const RequestLimits most{options.max_input_characters, options.voice};
  if (const auto wrong = read_speech_request(call->request().body, most, setup.request))
    return call->respond(error_response(wrong->error, wrong->param));
  const auto wanted = setup.request.priority;
  if (wanted && *wanted < highest_priority(*call))
    return call->respond(error_response(
        403, "your key's requests may not have so high a 'priority'; leave it out, or ask for less",
        "priority"));
  call->voice = setup.request.voice;
  core.metrics.voice_requests.add(setup.request.voice);
  core.metrics.characters += characters_of(setup.request.input);
  setup.exchange = call->exchange;
  set_writer(core, setup, captions ? "captions" : setup.request.events ? "events" : "audio");
  setup.lexicons = call->policy->lexicons;
  setup.scheduler = &core.scheduler;
  setup.metrics = &core.metrics;
  setup.arrival = call->arrival;
  setup.timeout_s = options.request_timeout_s;
  setup.refuse = [call](const Error& error) {
    call->respond(error_response(error, param_of(error)));
  };
  setup.expire = [call] { call->refuse({work::RefusalReason::kTooLong, 1}); };
  setup.over = [&core, call](std::string_view outcome, const SpeechTally& tally) {
    note(core, *call, outcome, tally);
  };
  submit(core, call, std::make_shared<SpeechTask>(std::move(setup)), wanted);
}

}  // namespace

void post_speech(Core& core, const std::shared_ptr<Call>& call) { speak(core, call, false); }

void delete_cache(Core& core, const std::shared_ptr<Call>& call) {
  if (!core.cache)
    return call->respond(
        error_response(404, "this server keeps no answers; give --cache MEGABYTES"));
  const auto cleared = core.cache->results().clear();
  if (!cleared) return call->respond(error_response(cleared.error()));
  http::Response response;
  response.body = R"({"entries": 0})";
  call->respond(std::move(response));
}

void post_captioned_speech(Core& core, const std::shared_ptr<Call>& call) {
  speak(core, call, true);
}

}  // namespace syrinx::server
