// SPDX-License-Identifier: Apache-2.0
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "syrinx/apps/cli/command.h"
#include "syrinx/apps/server/api/keys.h"
#include "syrinx/apps/server/config/server_settings.h"
#include "syrinx/apps/server/config/settings_watch.h"
#include "syrinx/apps/server/server.h"
#include "syrinx/core/io/settings/settings.h"

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
    "Everything can be set in settings.json too, which is taken while the server runs:\n"
    "`syrinx config --help`.\n"
    "\n"
    "SIGTERM and Ctrl-C let requests under way come to their end. docs/server.md says what can be\n"
    "asked for, docs/security.md who may ask.";

// An option of the command line, and the setting that it sets.
struct FlagName {
  const char* flag;
  const char* path;
  const char* type;
};

constexpr FlagName kFlags[] = {
    {"--host", "server.host", "ADDRESS"},
    {"--port", "server.port", "NUMBER"},
    {"--voice", "server.voice", "NAME"},
    {"--threads", "server.threads", "COUNT"},
    {"--drain", "server.drain_s", "SECONDS"},
    {"--keys", "keys_file", "FILE"},
    {"--tls-cert", "tls.certificate", "FILE"},
    {"--tls-key", "tls.key", "FILE"},
    {"--cors-origin", "cors.origins", "ORIGIN"},
    {"--lexicon", "lexicons", "FILE"},
    {"--user-lexicon", "user_lexicon", "FILE"},
    {"--wyoming-port", "wyoming.port", "NUMBER"},
    {"--wyoming-host", "wyoming.host", "ADDRESS"},
    {"--max-requests", "limits.requests", "COUNT"},
    {"--max-requests-per-client", "limits.requests_per_client", "COUNT"},
    {"--max-wait", "limits.wait_s", "SECONDS"},
    {"--timeout", "limits.timeout_s", "SECONDS"},
    {"--max-characters", "limits.characters", "COUNT"},
    {"--rate-limit", "limits.requests_per_minute", "COUNT"},
    {"--jobs", "jobs.folder", "FOLDER"},
    {"--cache", "cache.megabytes", "MEGABYTES"},
    {"--warm", "cache.warm", "FILE"},
    {"--cache-folder", "cache.folder", "FOLDER"},
};

struct ServeRequest {
  std::map<std::string, std::string> flags;  // By path.
  std::string config;
  bool wyoming_open = false;
  bool no_log = false;
};

// Each request's line of JSON goes to standard error as it ends.
void log_requests() {
  auto logger = spdlog::stderr_logger_mt("syrinx-requests");
  logger->set_pattern("{\"time\":\"%Y-%m-%dT%H:%M:%S.%e%z\",\"level\":\"%l\",\"entry\":%v}");
}

// The key of the environment, beside those of the settings.
Result<server::ServerOptions> options_of(const io::Settings& settings) {
  SYRINX_ASSIGN(auto options, server::server_options(settings));
  if (const char* secret = std::getenv("SYRINX_API_KEY"); secret != nullptr && *secret != '\0')
    options.keys.push_back(server::key_of("environment", secret));
  return options;
}

Result<io::SettingSources> sources_of(const ServeRequest& request) {
  SYRINX_ASSIGN(auto sources, io::user_setting_sources());
  if (!request.config.empty()) {
    sources.settings_file = std::filesystem::path(request.config) / "settings.json";
    sources.override_file = std::filesystem::path(request.config) / "override.json";
  }
  sources.flags = request.flags;
  if (request.wyoming_open) sources.flags["wyoming.open"] = "true";
  if (request.no_log) sources.flags["server.log"] = "false";
  return sources;
}

// Applies what a running server takes, and says what has to wait for the next start.
void take_changes(server::Server& server, const io::Settings& now,
                  const std::vector<io::SettingChange>& changes, const Context& context) {
  auto options = options_of(now);
  const auto applied = options ? server.apply(std::move(*options)) : Result<void>(options.error());
  if (!applied) return note(context, "the settings stay as they were: " + applied.error().message);
  for (const io::SettingChange& change : changes)
    note(context, change.spec.path +
                      (change.spec.live ? " was changed" : " will be changed by the next start"));
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
  SYRINX_ASSIGN(const auto sources, sources_of(request));
  SYRINX_ASSIGN(const auto settings, io::Settings::load(server::server_settings(), sources));
  SYRINX_ASSIGN(auto options, options_of(settings));
  if (settings.flag("server.log")) log_requests();
  SYRINX_ASSIGN(const auto server, server::Server::start(std::move(options)));
  server::SettingsEvents events;
  events.changed = [&](const io::Settings& now, const std::vector<io::SettingChange>& changes) {
    take_changes(*server, now, changes, context);
  };
  events.refused = [&](const Error& error) {
    note(context, "the settings stay as they were: " + error.message);
  };
  std::optional<server::SettingsWatch> watch(std::in_place, server::server_settings(), sources,
                                             settings, events);
  announce(*server);
  wait_for(context.stop);
  watch.reset();
  if (!server->drain())
    note(context, "what was still under way when the time for it was up has been cut off");
  return {};
}

std::string help_of(const io::SettingSpec& spec) {
  std::string help = spec.help;
  if (!spec.standard.is_null() && spec.type != io::SettingType::kTexts)
    help += " [" + json_text(spec.standard) + "]";
  return help;
}

// Lists are written as JSON, other values as they stand.
void add_setting_flag(CLI::App& command, const FlagName& name, ServeRequest& request) {
  const auto& specs = server::server_settings();
  const auto spec = std::find_if(specs.begin(), specs.end(),
                                 [&](const auto& one) { return one.path == name.path; });
  const std::string path = name.path;
  if (spec->type != io::SettingType::kTexts) {
    command
        .add_option_function<std::string>(
            name.flag, [&request, path](const std::string& text) { request.flags[path] = text; },
            help_of(*spec))
        ->type_name(name.type);
    return;
  }
  command
      .add_option_function<std::vector<std::string>>(
          name.flag,
          [&request, path](const std::vector<std::string>& items) {
            request.flags[path] = nlohmann::json(items).dump();
          },
          help_of(*spec))
      ->type_name(name.type);
}

}  // namespace

void add_serve_command(CLI::App& app, Context& context) {
  CLI::App* command = app.add_subcommand("serve", "Serve speech over HTTP, as OpenAI's API has it");
  auto request = std::make_shared<ServeRequest>();
  for (const FlagName& name : kFlags) add_setting_flag(*command, name, *request);
  command->add_flag("--wyoming-open", request->wyoming_open,
                    "Let others than this machine use Wyoming, which has no keys");
  command->add_flag("--no-log", request->no_log, "Write no line for each request");
  command->add_option("--config", request->config, "The folder of settings.json and override.json")
      ->type_name("FOLDER");
  command->footer(kFooter);
  command->callback(
      [request, &context] { run(context, [&] { return serve(*request, context); }); });
}

}  // namespace syrinx::cli
