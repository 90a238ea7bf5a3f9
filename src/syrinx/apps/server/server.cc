// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/server/server.h"

#include <chrono>
#include <fstream>
#include <iterator>
#include <utility>

#include "syrinx/apps/server/api/core.h"
#include "syrinx/apps/server/api/service.h"
#include "syrinx/apps/server/cache/result_cache.h"
#include "syrinx/apps/server/http/network.h"
#include "syrinx/apps/server/jobs/batch_request.h"
#include "syrinx/apps/server/jobs/batch_runner.h"
#include "syrinx/apps/server/speech/speech_cache.h"
#include "syrinx/apps/server/speech/voice_names.h"
#include "syrinx/apps/server/wyoming/wyoming_session.h"
#include "syrinx/core/io/byte_sink.h"
#include "syrinx/engines/tts/speech_stream.h"
#include "syrinx/engines/tts/text_source.h"

namespace syrinx::server {
namespace {

bool is_loopback(const std::string& host) {
  return host == "localhost" || host == "::1" || host.compare(0, 4, "127.") == 0;
}

Result<void> check(const ServerOptions& options) {
  if (!options.keys.empty()) return {};
  if (!is_loopback(options.http.host))
    return make_error(ErrorCode::kInvalidArgument, "'", options.http.host,
                      "' can be reached by others, and there is no API key; give --keys FILE or "
                      "SYRINX_API_KEY, or listen on 127.0.0.1");
  if (options.wyoming && !is_loopback(options.wyoming->host) && !options.wyoming_open)
    return make_error(ErrorCode::kInvalidArgument, "Wyoming has no keys, and '",
                      options.wyoming->host,
                      "' can be reached by others; give --wyoming-open to allow that");
  return {};
}

// An empty lexicon where there is none yet.
Result<void> make_own_lexicon(const std::filesystem::path& path) {
  std::error_code ignored;
  if (std::filesystem::exists(path, ignored)) return {};
  SYRINX_ASSIGN(const auto sink, io::make_file_sink(path));
  return sink->finish();
}

Result<std::shared_ptr<text::LexiconStack>> open_lexicons(const ServerOptions& options) {
  std::vector<text::LexiconSource> sources;
  if (!options.own_lexicon.empty()) {
    SYRINX_TRY(make_own_lexicon(options.own_lexicon));
    sources.push_back({options.own_lexicon, text::LexiconFormat::kTsv});
  }
  for (const auto& file : options.lexicons) sources.push_back({file});
  if (sources.empty()) return std::shared_ptr<text::LexiconStack>();
  SYRINX_ASSIGN(auto stack, text::LexiconStack::open(std::move(sources)));
  return std::shared_ptr<text::LexiconStack>(std::move(stack));
}

// Loads the voice and says a word, so that the first client does not wait for it.
Result<void> warm_up(const Policy& policy) {
  tts::SpeakOptions options;
  options.voice = resolved_voice(policy.options.voice);
  options.lexicons = policy.lexicons;
  SYRINX_ASSIGN(auto stream, tts::SpeechStream::create(tts::text_from_string("Ready."), options));
  tts::SpokenSentence sentence;
  SYRINX_ASSIGN(const bool said, stream.next_sentence(sentence, {}));
  (void)said;
  return {};
}

// Takes up the batches of a former start.
Result<void> open_batches(Core& core) {
  const BatchLimits& limits = core.options.batches;
  if (limits.folder.empty()) return {};
  SYRINX_ASSIGN(auto store, BatchStore::open(limits.folder));
  ItemTools tools;
  tools.scheduler = &core.scheduler;
  tools.cache = core.cache.get();
  tools.lexicons = [&core] { return core.policy.get()->lexicons; };
  tools.request_limits = [&core, most = limits.max_characters] {
    return RequestLimits{most, core.policy.get()->options.voice};
  };
  tools.metrics = &core.batch_metrics;
  core.batches = std::make_unique<BatchRunner>(std::move(store), limits, std::move(tools));
  return {};
}

Result<std::string> read_warm_file(const std::filesystem::path& path) {
  std::error_code failed;
  const auto bytes = std::filesystem::file_size(path, failed);
  if (failed)
    return make_error(ErrorCode::kNotFound, "cannot read '", path.string(),
                      "', which says what to warm the cache with: ", failed.message());
  if (bytes > kMaxBatchBytes)
    return make_error(ErrorCode::kLimitExceeded, "'", path.string(), "' has ", bytes,
                      " bytes and may have ", kMaxBatchBytes);
  std::ifstream file(path, std::ios::binary);
  return std::string{std::istreambuf_iterator<char>(file), {}};
}

// The server's own batch, in the place of a former start's.
Result<void> warm_cache(Core& core) {
  if (core.options.warm_file.empty()) return {};
  if (!core.cache || !core.batches)
    return make_error(ErrorCode::kInvalidArgument,
                      "the cache is warmed where there is one, by a batch; give --cache and "
                      "--jobs, or no --warm");
  SYRINX_ASSIGN(const std::string text, read_warm_file(core.options.warm_file));
  const BatchLimits& most = core.options.batches;
  const RequestLimits each{core.options.max_input_characters, core.options.voice};
  NewBatch wanted;
  if (const auto wrong =
          read_batch_request(text, {each, most.max_items, most.max_characters}, wanted))
    return make_error(wrong->error.code, core.options.warm_file.string(), ": ",
                      wrong->error.message);
  if (wanted.kind != BatchKind::kSpeech)
    return make_error(ErrorCode::kInvalidArgument, core.options.warm_file.string(),
                      ": the cache is warmed by requests, not by one long text");
  wanted.kind = BatchKind::kWarming;
  const std::string client = "server:warm";
  SYRINX_ASSIGN(const auto former, core.batches->list(client, "", most.max_batches_per_client));
  for (const Batch& batch : former) SYRINX_TRY(core.batches->remove(batch.id, client));
  SYRINX_TRY(core.batches->submit(std::move(wanted), client, 1.0));
  return {};
}

}  // namespace

// Destroyed from the last to the first: the network goes before what its callbacks use.
struct Server::Impl {
  Impl(ServerOptions options, std::shared_ptr<text::LexiconStack> lexicons)
      : core(std::move(options), std::move(lexicons)) {}

  Core core;
  std::uint16_t port = 0;
  std::uint16_t wyoming_port = 0;
  std::unique_ptr<http::Network> network;
};

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Server::~Server() = default;

std::uint16_t Server::port() const noexcept { return impl_->port; }
std::uint16_t Server::wyoming_port() const noexcept { return impl_->wyoming_port; }
const ServerOptions& Server::options() const noexcept { return impl_->core.options; }

Result<std::unique_ptr<Server>> Server::start(ServerOptions options) {
  SYRINX_TRY(check(options));
  SYRINX_ASSIGN(auto lexicons, open_lexicons(options));
  auto impl = std::make_unique<Impl>(std::move(options), std::move(lexicons));
  Core& core = impl->core;
  SYRINX_TRY(warm_up(*core.policy.get()));
  if (core.options.cache_bytes > 0) {
    SYRINX_ASSIGN(auto results,
                  ResultCache::open(core.options.cache_folder, core.options.cache_bytes));
    core.cache = std::make_unique<SpeechCache>(std::move(results));
  }
  SYRINX_TRY(open_batches(core));
  SYRINX_TRY(warm_cache(core));
  impl->network = std::make_unique<http::Network>(core.options.network);
  core.network = impl->network.get();
  http::HttpHandlers handlers;
  handlers.request = [&core](std::shared_ptr<http::Exchange> exchange) {
    serve(core, std::move(exchange));
  };
  handlers.body_limit = [&core](const http::Request& head) { return body_limit(core, head); };
  SYRINX_ASSIGN(impl->port, impl->network->listen_http(core.options.http, core.options.tls,
                                                       std::move(handlers)));
  if (core.options.wyoming) {
    SYRINX_ASSIGN(impl->wyoming_port, impl->network->listen_bytes(*core.options.wyoming, [&core] {
      return wyoming::make_session(core);
    }));
  }
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

Result<void> Server::apply(ServerOptions options) {
  const ServerOptions& started = impl_->core.options;
  options.http = started.http;
  options.wyoming = started.wyoming;
  options.wyoming_open = started.wyoming_open;
  SYRINX_TRY(check(options));
  SYRINX_ASSIGN(auto lexicons, open_lexicons(options));
  auto next = std::make_shared<const Policy>(std::move(options), std::move(lexicons));
  SYRINX_TRY(warm_up(*next));
  if (impl_->core.cache && next->options.cache_bytes > 0) {
    SYRINX_TRY(impl_->core.cache->results().set_max_bytes(next->options.cache_bytes));
  }
  impl_->core.policy.set(std::move(next));
  return {};
}

bool Server::drain() {
  Core& core = impl_->core;
  core.draining = true;
  if (core.batches) core.batches->stop();  // They go on with the next start.
  impl_->network->drain();
  const auto most = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::duration<double>(core.policy.get()->options.drain_s));
  const bool empty = impl_->network->wait_empty(most);
  core.scheduler.drain();
  return empty && core.scheduler.wait_idle(std::chrono::milliseconds(200));
}

}  // namespace syrinx::server
