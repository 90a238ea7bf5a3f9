// SPDX-License-Identifier: Apache-2.0
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "syrinx/apps/cli/command.h"
#include "syrinx/apps/server/api/keys.h"
#include "syrinx/apps/server/server.h"

namespace syrinx::cli {
namespace {

constexpr const char* kFooter =
    "Examples:\n"
    "  syrinx serve                                   on http://127.0.0.1:8080\n"
    "  curl -s http://127.0.0.1:8080/v1/audio/speech -d '{\"input\": \"Hello.\"}' -o hello.mp3\n"
    "  syrinx serve --port 0                          a free port; its number is printed\n"
    "  SYRINX_API_KEY=... syrinx serve --host 0.0.0.0 for others, with a key\n"
    "  syrinx serve --keys keys.json --tls-cert cert.pem --tls-key key.pem\n"
    "  syrinx serve --wyoming-port 10200              for Home Assistant as well\n"
    "\n"
    "SIGTERM and Ctrl-C let requests under way come to their end. docs/server.md says what can be\n"
    "asked for, docs/security.md who may ask.";

struct ServeRequest {
  server::ServerOptions options;
  int port = 8'080;
  int wyoming_port = -1;
  std::string wyoming_host;
  std::string keys;
  std::string certificate;
  std::string key;
  std::vector<std::string> lexicons;
  bool no_log = false;
};

// Each request's line of JSON goes to standard error as it ends.
void log_requests() {
  auto logger = spdlog::stderr_logger_mt("syrinx-requests");
  logger->set_pattern("{\"time\":\"%Y-%m-%dT%H:%M:%S.%e%z\",\"level\":\"%l\",\"entry\":%v}");
}

Result<void> add_keys(const ServeRequest& request, server::ServerOptions& options) {
  if (!request.keys.empty()) {
    SYRINX_ASSIGN(options.keys, server::read_keys(request.keys));
  }
  if (const char* secret = std::getenv("SYRINX_API_KEY"); secret != nullptr && *secret != '\0')
    options.keys.push_back(server::key_of("environment", secret));
  return {};
}

Result<server::ServerOptions> resolve(const ServeRequest& request) {
  server::ServerOptions options = request.options;
  options.http.port = static_cast<std::uint16_t>(request.port);
  if (request.wyoming_port >= 0) {
    const std::string& host =
        request.wyoming_host.empty() ? options.http.host : request.wyoming_host;
    options.wyoming = {host, static_cast<std::uint16_t>(request.wyoming_port)};
  }
  if (request.certificate.empty() != request.key.empty())
    return make_error(ErrorCode::kInvalidArgument,
                      "TLS needs both --tls-cert and --tls-key; only one was given");
  if (!request.certificate.empty()) options.tls = {request.certificate, request.key};
  options.lexicons.assign(request.lexicons.begin(), request.lexicons.end());
  SYRINX_TRY(add_keys(request, options));
  return options;
}

void wait_for(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any stopped;
  std::unique_lock lock(mutex);
  stopped.wait(lock, stop, [] { return false; });
}

void announce(const server::Server& server) {
  const auto& options = server.options();
  std::printf("Listening on %s://%s:%d\n", options.tls ? "https" : "http",
              options.http.host.c_str(), server.port());
  if (options.wyoming)
    std::printf("Wyoming on tcp://%s:%d\n", options.wyoming->host.c_str(), server.wyoming_port());
  std::fflush(stdout);
}

Result<void> serve(const ServeRequest& request, Context& context) {
  SYRINX_ASSIGN(auto options, resolve(request));
  if (!request.no_log) log_requests();
  SYRINX_ASSIGN(const auto server, server::Server::start(std::move(options)));
  announce(*server);
  wait_for(context.stop);
  if (!server->drain())
    note(context, "what was still under way when the time for it was up has been cut off");
  return {};
}

void add_limits(CLI::App& command, server::ServerOptions& options) {
  command.add_option("--threads", options.work.threads, "Workers (0: one per processor)")
      ->check(CLI::Range(0, 256));
  command
      .add_option("--max-requests", options.work.max_tasks,
                  "Requests under way at once; more are told to come again")
      ->check(CLI::Range(1, 100'000))
      ->capture_default_str();
  command
      .add_option("--max-requests-per-client", options.work.max_tasks_per_client,
                  "Of them, those of one client (a key or an address)")
      ->check(CLI::Range(1, 100'000))
      ->capture_default_str();
  command
      .add_option("--max-wait", options.work.max_wait_s,
                  "Seconds: who would wait longer for his first sound is told to come again")
      ->check(CLI::Range(0.01, 3'600.0))
      ->capture_default_str();
  command
      .add_option("--timeout", options.request_timeout_s,
                  "Seconds that one request may take in all")
      ->check(CLI::Range(1.0, 86'400.0))
      ->capture_default_str();
  command.add_option("--max-characters", options.max_input_characters, "Of one request's text")
      ->check(CLI::Range(1, 10'000'000))
      ->capture_default_str();
  command
      .add_option("--rate-limit", options.requests_per_minute,
                  "Requests a minute of a client without a key (0: no limit)")
      ->check(CLI::Range(0.0, 1e6));
  command.add_option("--drain", options.drain_s, "Seconds that requests get after SIGTERM")
      ->check(CLI::Range(0.0, 3'600.0))
      ->capture_default_str();
}

}  // namespace

void add_serve_command(CLI::App& app, Context& context) {
  CLI::App* command = app.add_subcommand("serve", "Serve speech over HTTP, as OpenAI's API has it");
  auto request = std::make_shared<ServeRequest>();
  command->add_option("--host", request->options.http.host, "Address to listen on")
      ->capture_default_str();
  command->add_option("--port", request->port, "Port to listen on (0: one that is free)")
      ->check(CLI::Range(0, 65'535))
      ->capture_default_str();
  command->add_option("--voice", request->options.voice, "Who speaks when a request names nobody");
  command->add_option("--keys", request->keys, "A JSON file of API keys")->type_name("FILE");
  command->add_option("--tls-cert", request->certificate, "Certificate chain (PEM)")
      ->type_name("FILE");
  command->add_option("--tls-key", request->key, "Its key (PEM)")->type_name("FILE");
  command->add_option("--cors-origin", request->options.origins,
                      "An origin whose pages may use the server; several, or '*'");
  command->add_option("--lexicon", request->lexicons, "A lexicon to ask first; several in order")
      ->type_name("FILE");
  command->add_option("--wyoming-port", request->wyoming_port, "Port for Wyoming (0: a free one)")
      ->check(CLI::Range(0, 65'535));
  command->add_option("--wyoming-host", request->wyoming_host, "Its address, if not --host");
  command->add_flag("--wyoming-open", request->options.wyoming_open,
                    "Let others than this machine use Wyoming, which has no keys");
  command->add_flag("--no-log", request->no_log, "Write no line for each request");
  add_limits(*command, request->options);
  command->footer(kFooter);
  command->callback(
      [request, &context] { run(context, [&] { return serve(*request, context); }); });
}

}  // namespace syrinx::cli
