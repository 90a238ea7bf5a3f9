// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/server/api/core.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "syrinx/apps/server/api/errors.h"
#include "syrinx/apps/server/api/stats.h"
#include "syrinx/apps/server/speech/captions.h"

namespace syrinx::server {
namespace {

// The parts of "/a/b" one after the other.
std::string_view next_part(std::string_view& path) {
  path.remove_prefix(std::min<std::size_t>(1, path.size()));
  const std::size_t end = std::min(path.find('/'), path.size());
  const std::string_view part = path.substr(0, end);
  path.remove_prefix(end);
  return part;
}

void write_log(const Call& call, int status, std::string_view outcome, const SpeechTally* tally) {
  nlohmann::json line = {
      {"event", "request"},          {"request", call.number},
      {"client", call.client},       {"method", call.request().method},
      {"path", call.request().path}, {"status", status},
      {"outcome", outcome},          {"duration_ms", std::lround(1'000 * call.elapsed_s())}};
  if (!call.voice.empty()) line["voice"] = call.voice;
  if (tally != nullptr) {
    line["first_audio_ms"] = std::lround(1'000 * tally->first_audio_s);
    line["audio_s"] = tally->audio_s;
    line["work_ms"] = std::lround(1'000 * tally->work_s);
    line["sentences"] = tally->sentences;
  }
  if (const auto logger = spdlog::get("syrinx-requests")) logger->info("{}", json_line(line));
}

}  // namespace

Core::Core(ServerOptions given, std::shared_ptr<text::LexiconStack> lexicons)
    : options(std::move(given)),
      policy(std::make_shared<const Policy>(options, std::move(lexicons))),
      scheduler(options.work, [this](double waited_s) { metrics.queue_wait_s.add(waited_s); }),
      memory(options.leak,
             [this] {
               const auto work = scheduler.counts();
               return work.tasks + work.batch;
             }),
      live(std::make_unique<LiveFeed>([this] { return json_line(stats_json(*this)); })) {}

Call::Call(Core& of, std::shared_ptr<http::Exchange> given)
    : core(of),
      exchange(std::move(given)),
      arrival(std::chrono::steady_clock::now()),
      number(++of.calls),
      policy(of.policy.get()) {}

std::string Call::path_part(std::string_view name) const {
  std::string_view pattern = route->path;
  std::string_view path = request().path;
  while (!pattern.empty()) {
    const std::string_view stands = next_part(pattern);
    const std::string_view part = next_part(path);
    if (stands.size() > 2 && stands.substr(1, stands.size() - 2) == name) return std::string(part);
  }
  return "";
}

double Call::elapsed_s() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - arrival).count();
}

void Call::respond(http::Response response) {
  const int status = response.status;
  exchange->respond(std::move(response));
  done(status, status < 400 ? "done" : "refused", nullptr);
}

void Call::refuse(const work::Refusal& refusal) {
  core.metrics.rejected.add(name_of(refusal.reason));
  respond(refusal_response(refusal));
}

void Call::done(int status, std::string_view outcome, const SpeechTally* tally) {
  if (std::exchange(is_done_, true)) return;
  core.metrics.responses.add(std::to_string(status));
  core.metrics.request_s.add(elapsed_s());
  write_log(*this, status, outcome, tally);
}

work::Priority highest_priority(const Call& call) {
  return call.key != nullptr ? call.key->priority : work::Priority::kInteractive;
}

work::Owner owner_of(const Call& call, std::optional<work::Priority> wanted) {
  const work::Priority usual = std::max(highest_priority(call), work::Priority::kNormal);
  return {call.client, call.key != nullptr ? call.key->weight : 1.0, wanted.value_or(usual)};
}

void submit(Core& core, const std::shared_ptr<Call>& call, std::shared_ptr<work::Task> task,
            std::optional<work::Priority> wanted) {
  if (const auto refusal = core.scheduler.submit(std::move(task), owner_of(*call, wanted)))
    call->refuse(*refusal);
}

}  // namespace syrinx::server
