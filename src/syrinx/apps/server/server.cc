// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/server/server.h"

#include <chrono>
#include <utility>

#include "syrinx/apps/server/api/core.h"
#include "syrinx/apps/server/api/service.h"
#include "syrinx/apps/server/http/network.h"
#include "syrinx/apps/server/speech/voice_names.h"
#include "syrinx/apps/server/wyoming/wyoming_session.h"
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

Result<std::shared_ptr<text::LexiconStack>> open_lexicons(const ServerOptions& options) {
  std::vector<text::LexiconSource> sources;
  for (const auto& file : options.lexicons) sources.push_back({file});
  if (sources.empty()) return std::shared_ptr<text::LexiconStack>();
  SYRINX_ASSIGN(auto stack, text::LexiconStack::open(std::move(sources)));
  return std::shared_ptr<text::LexiconStack>(std::move(stack));
}

// Loads the voice and says a word, so that the first client does not wait for it.
Result<void> warm_up(const Core& core) {
  tts::SpeakOptions options;
  options.voice = resolved_voice(core.options.voice);
  options.lexicons = core.lexicons;
  SYRINX_ASSIGN(auto stream, tts::SpeechStream::create(tts::text_from_string("Ready."), options));
  tts::SpokenSentence sentence;
  SYRINX_ASSIGN(const bool said, stream.next_sentence(sentence, {}));
  (void)said;
  return {};
}

}  // namespace

// Destroyed from the last to the first: the network goes before what its callbacks use.
struct Server::Impl {
  explicit Impl(ServerOptions options) : core(std::move(options)) {}

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
  auto impl = std::make_unique<Impl>(std::move(options));
  Core& core = impl->core;
  SYRINX_ASSIGN(core.lexicons, open_lexicons(core.options));
  SYRINX_TRY(warm_up(core));
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

bool Server::drain() {
  Core& core = impl_->core;
  core.draining = true;
  impl_->network->drain();
  const auto most = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::duration<double>(core.options.drain_s));
  const bool empty = impl_->network->wait_empty(most);
  core.scheduler.drain();
  return empty && core.scheduler.wait_idle(std::chrono::milliseconds(200));
}

}  // namespace syrinx::server
