// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "syrinx/apps/server/api/errors.h"
#include "syrinx/apps/server/api/handlers.h"
#include "syrinx/apps/server/api/one_step.h"
#include "syrinx/apps/server/api/send_task.h"
#include "syrinx/apps/server/jobs/batch_request.h"
#include "syrinx/apps/server/jobs/batch_runner.h"
#include "syrinx/apps/server/jobs/tar.h"
#include "syrinx/apps/server/speech/captions.h"

namespace syrinx::server {
namespace {

using nlohmann::json;

constexpr std::size_t kUsualList = 20;
constexpr std::size_t kMostListed = 100;
constexpr std::size_t kMostItemsListed = 1'000;

http::Response json_response(const json& document) {
  http::Response response;
  response.fields = {{"Cache-Control", "no-store"}};
  response.body = json_line(document);
  return response;
}

json number_or_null(double value) { return value > 0 ? json(value) : json(); }
json time_or_null(std::uint64_t second, bool known) {
  return known && second > 0 ? json(second) : json();
}

// As OpenAI's batch object, with what is ours beside.
json batch_json(const BatchRunner& runner, const Batch& batch) {
  const BatchProgress progress = runner.progress(batch);
  const bool over = is_over(batch.status);
  const auto kept_s = static_cast<std::uint64_t>(runner.limits().keep_s);
  const auto ended_as = [&](BatchStatus status) {
    return time_or_null(batch.ended_at, batch.status == status);
  };
  return {{"id", batch.id},
          {"object", "batch"},
          {"endpoint", "/v1/audio/speech"},
          {"kind", batch.kind == BatchKind::kReading   ? "reading"
                   : batch.kind == BatchKind::kWarming ? "warming"
                                                       : "speech"},
          {"status", name_of(batch.status)},
          {"created_at", batch.created_at},
          {"in_progress_at", time_or_null(batch.begun_at, true)},
          {"completed_at", ended_as(BatchStatus::kCompleted)},
          {"failed_at", ended_as(BatchStatus::kFailed)},
          {"cancelled_at", ended_as(BatchStatus::kCancelled)},
          {"expires_at", time_or_null(batch.ended_at + kept_s, over)},
          {"request_counts",
           {{"total", batch.total}, {"completed", batch.completed}, {"failed", batch.failed}}},
          {"progress", progress.share},
          {"eta_s", progress.eta_s ? json(*progress.eta_s) : json()},
          {"characters", batch.characters},
          {"audio_s", batch.audio_s},
          {"bytes", batch.bytes},
          {"metadata", json::parse(batch.metadata, nullptr, false)}};
}

// What a file of the result is called: by its number and, as far as it is harmless, the name that
// its client gave it.
std::string file_name(const BatchItem& item) {
  const auto harmless = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  };
  std::string number = std::to_string(item.number);
  std::string name = std::string(6 - std::min<std::size_t>(6, number.size()), '0') + number;
  if (item.custom_id != number) {
    name += '-';
    for (const char c : item.custom_id) name += harmless(c) ? c : '_';
  }
  const std::string kind = item.content_type.substr(0, item.content_type.find(';'));
  static const std::map<std::string, const char*> kEndings = {
      {"audio/mpeg", ".mp3"},  {"audio/ogg", ".ogg"},         {"audio/aac", ".aac"},
      {"audio/flac", ".flac"}, {"audio/wav", ".wav"},         {"audio/pcm", ".pcm"},
      {"audio/mp4", ".m4b"},   {"text/event-stream", ".sse"}, {"application/x-ndjson", ".ndjson"}};
  const auto ending = kEndings.find(kind);
  return name + (ending == kEndings.end() ? ".bin" : ending->second);
}

json item_json(const BatchItem& item) {
  json document = {{"number", item.number},
                   {"custom_id", item.custom_id},
                   {"status", name_of(item.status)},
                   {"characters", item.characters}};
  if (item.status == ItemStatus::kCompleted)
    document["result"] = {{"file", file_name(item)},
                          {"content_type", item.content_type},
                          {"bytes", item.bytes},
                          {"sha256", item.sha256},
                          {"audio_s", number_or_null(item.audio_s)}};
  if (item.status == ItemStatus::kFailed)
    document["error"] = {{"message", item.error}, {"status", http_status(item.error_code)}};
  return document;
}

// A number of the query, from `least` to `most`.
Result<std::size_t> count_parameter(const http::Request& request, std::string_view name,
                                    std::size_t otherwise, std::size_t most) {
  const auto text = request.parameter(name);
  if (!text) return otherwise;
  std::size_t value = 0;
  const auto [end, failed] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (failed == std::errc() && end == text->data() + text->size() && value <= most) return value;
  return make_error(ErrorCode::kInvalidArgument, "'", name, "' must be a whole number from 0 to ",
                    most);
}

// Lets a worker ask the runner, where there is one. `ask` gives the answer's document.
void ask_runner(Core& core, const std::shared_ptr<Call>& call,
                std::function<Result<json>(BatchRunner& runner)> ask) {
  if (!core.batches)
    return call->respond(error_response(404, "this server takes no batches; give --jobs FOLDER"));
  answer_later(core, call, [&core, ask = std::move(ask)](const std::stop_token&) {
    const auto document = ask(*core.batches);
    return document ? json_response(*document) : error_response(document.error());
  });
}

BatchRequestLimits limits_of(const Core& core, const Policy& policy) {
  const BatchLimits& most = core.batches->limits();
  return {{policy.options.max_input_characters, policy.options.voice},
          most.max_items,
          most.max_characters};
}

http::Response take_batch(Core& core, const Call& call, bool warms) {
  NewBatch wanted;
  const auto wrong = read_batch_request(call.request().body, limits_of(core, *call.policy), wanted);
  if (wrong) return error_response(wrong->error, wrong->param);
  if (warms && wanted.kind != BatchKind::kSpeech)
    return error_response(400, "the cache is warmed by requests, not by one long text");
  if (warms) wanted.kind = BatchKind::kWarming;
  const double weight = call.key != nullptr ? call.key->weight : 1.0;
  const auto batch = core.batches->submit(std::move(wanted), call.client, weight);
  if (batch) return json_response(batch_json(*core.batches, *batch));
  const bool too_many = batch.error().code == ErrorCode::kLimitExceeded;
  return too_many ? error_response(429, batch.error().message) : error_response(batch.error());
}

// All completed items of a batch as parts of an archive, the index first.
Result<std::deque<SendPart>> archive_parts(BatchRunner& runner, const Batch& batch,
                                           const std::vector<BatchItem>& items) {
  std::deque<SendPart> parts;
  json index = {{"batch", batch_json(runner, batch)}, {"items", json::array()}};
  for (const BatchItem& item : items) index["items"].push_back(item_json(item));
  std::string text = index.dump(1) + "\n";
  const std::string padding = tar_padding(text.size());
  parts.push_back({tar_header("index.json", text.size(), batch.created_at) + text + padding});
  for (const BatchItem& item : items) {
    if (item.status != ItemStatus::kCompleted) continue;
    SYRINX_ASSIGN(auto path, runner.result_of(batch.id, item));
    parts.push_back(
        {tar_header(file_name(item), item.bytes, batch.created_at), std::move(path), item.bytes});
    parts.push_back({tar_padding(item.bytes)});
  }
  parts.push_back({tar_end()});
  return parts;
}

// A worker looks up what is to be sent; then the same or another sends it.
class LookUp final : public work::Task {
 public:
  struct Found {
    http::Response head;
    std::deque<SendPart> parts;
  };
  using Body = std::function<Result<Found>()>;
  LookUp(std::shared_ptr<Call> call, Body body) : call_(std::move(call)), body_(std::move(body)) {}

  Next step() override {
    auto found = body_();
    if (!found) {
      call_->respond(error_response(found.error()));
    } else {
      submit(call_->core, call_,
             std::make_shared<SendTask>(call_, std::move(found->head), std::move(found->parts)));
    }
    return Next::kDone;
  }
  void expired() override { call_->refuse({work::RefusalReason::kTooLong, 1}); }

 private:
  const std::shared_ptr<Call> call_;
  const Body body_;
};

http::Response file_head(const std::string& content_type, const std::string& name) {
  http::Response head;
  head.content_type = content_type;
  head.fields = {{"Cache-Control", "no-store"},
                 {"Content-Disposition", "attachment; filename=\"" + name + "\""}};
  return head;
}

}  // namespace

void post_batch(Core& core, const std::shared_ptr<Call>& call) {
  if (!core.batches)
    return call->respond(error_response(404, "this server takes no batches; give --jobs FOLDER"));
  answer_later(core, call,
               [&core, call](const std::stop_token&) { return take_batch(core, *call, false); });
}

void post_cache_warming(Core& core, const std::shared_ptr<Call>& call) {
  if (!core.batches || !core.cache)
    return call->respond(error_response(
        404, "the cache is warmed where there is one, by a batch; give --cache and --jobs"));
  answer_later(core, call,
               [&core, call](const std::stop_token&) { return take_batch(core, *call, true); });
}

void get_batches(Core& core, const std::shared_ptr<Call>& call) {
  ask_runner(core, call, [call](BatchRunner& runner) -> Result<json> {
    SYRINX_ASSIGN(const std::size_t limit,
                  count_parameter(call->request(), "limit", kUsualList, kMostListed));
    const std::string after = call->request().parameter("after").value_or("");
    SYRINX_ASSIGN(auto batches, runner.list(call->client, after, limit + 1));
    const bool more = batches.size() > limit;
    if (more) batches.pop_back();
    json list = json::array();
    for (const Batch& batch : batches) list.push_back(batch_json(runner, batch));
    return json{{"object", "list"}, {"data", std::move(list)}, {"has_more", more}};
  });
}

void get_batch(Core& core, const std::shared_ptr<Call>& call) {
  ask_runner(core, call, [call](BatchRunner& runner) -> Result<json> {
    SYRINX_ASSIGN(const Batch batch, runner.find(call->path_part("id"), call->client));
    return batch_json(runner, batch);
  });
}

void cancel_batch(Core& core, const std::shared_ptr<Call>& call) {
  ask_runner(core, call, [call](BatchRunner& runner) -> Result<json> {
    SYRINX_ASSIGN(const Batch batch, runner.cancel(call->path_part("id"), call->client));
    return batch_json(runner, batch);
  });
}

void delete_batch(Core& core, const std::shared_ptr<Call>& call) {
  ask_runner(core, call, [call](BatchRunner& runner) -> Result<json> {
    const std::string id = call->path_part("id");
    SYRINX_TRY(runner.remove(id, call->client));
    return json{{"id", id}, {"object", "batch"}, {"deleted", true}};
  });
}

void get_batch_items(Core& core, const std::shared_ptr<Call>& call) {
  ask_runner(core, call, [call](BatchRunner& runner) -> Result<json> {
    const http::Request& request = call->request();
    SYRINX_ASSIGN(const std::size_t from,
                  count_parameter(request, "from", 0, std::size_t{1} << 30));
    SYRINX_ASSIGN(const std::size_t limit,
                  count_parameter(request, "limit", kMostItemsListed, kMostItemsListed));
    SYRINX_ASSIGN(auto items, runner.items(call->path_part("id"), call->client, from, limit + 1));
    const bool more = items.size() > limit;
    if (more) items.pop_back();
    json list = json::array();
    for (const BatchItem& item : items) list.push_back(item_json(item));
    return json{{"object", "list"}, {"data", std::move(list)}, {"has_more", more}};
  });
}

void get_batch_item(Core& core, const std::shared_ptr<Call>& call) {
  if (!core.batches)
    return call->respond(error_response(404, "this server takes no batches; give --jobs FOLDER"));
  submit(core, call, std::make_shared<LookUp>(call, [&core, call]() -> Result<LookUp::Found> {
           const std::string id = call->path_part("id"), number = call->path_part("number");
           std::size_t index = 0;
           const auto [end, failed] =
               std::from_chars(number.data(), number.data() + number.size(), index);
           if (failed != std::errc() || end != number.data() + number.size())
             return make_error(ErrorCode::kNotFound, "there is no item '", number,
                               "'; items have numbers from 0 on");
           SYRINX_ASSIGN(const auto items, core.batches->items(id, call->client, index, 1));
           if (items.empty() || items[0].number != index)
             return make_error(ErrorCode::kNotFound, "the batch has no item ", index);
           SYRINX_ASSIGN(auto path, core.batches->result_of(id, items[0]));
           LookUp::Found found;
           found.head = file_head(items[0].content_type, file_name(items[0]));
           found.parts.push_back({"", std::move(path), items[0].bytes});
           return found;
         }));
}

void get_batch_output(Core& core, const std::shared_ptr<Call>& call) {
  if (!core.batches)
    return call->respond(error_response(404, "this server takes no batches; give --jobs FOLDER"));
  submit(core, call, std::make_shared<LookUp>(call, [&core, call]() -> Result<LookUp::Found> {
           BatchRunner& runner = *core.batches;
           const std::string id = call->path_part("id");
           SYRINX_ASSIGN(const Batch batch, runner.find(id, call->client));
           SYRINX_ASSIGN(const auto items, runner.items(id, call->client, 0, batch.total));
           LookUp::Found found;
           SYRINX_ASSIGN(found.parts, archive_parts(runner, batch, items));
           found.head = file_head("application/x-tar", batch.id + ".tar");
           return found;
         }));
}

}  // namespace syrinx::server
