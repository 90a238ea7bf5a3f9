// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/server/config/server_settings.h"

#include <cstdlib>
#include <filesystem>
#include <string_view>

#include "syrinx/apps/server/api/keys.h"
#include "syrinx/core/base/json.h"

namespace syrinx::server {
namespace {

using io::SettingSpec;
using io::SettingType;

// What a running server takes without a restart.
constexpr bool kLive = true;
constexpr bool kAtStart = false;

SettingSpec text(std::string path, std::string standard, std::string help, bool live) {
  SettingSpec spec{std::move(path), SettingType::kText, std::move(help)};
  if (!standard.empty()) spec.standard = JsonValue(std::move(standard));
  spec.live = live;
  return spec;
}

SettingSpec count(std::string path, double standard, double least, double most, std::string help,
                  bool live) {
  SettingSpec spec{std::move(path), SettingType::kCount, std::move(help), JsonValue(standard)};
  spec.least = least;
  spec.most = most;
  spec.live = live;
  return spec;
}

SettingSpec number(std::string path, double standard, double least, double most, std::string help,
                   bool live) {
  SettingSpec spec = count(std::move(path), standard, least, most, std::move(help), live);
  spec.type = SettingType::kNumber;
  return spec;
}

SettingSpec texts(std::string path, std::string help, bool live) {
  SettingSpec spec{std::move(path), SettingType::kTexts, std::move(help),
                   JsonValue(JsonValue::Array{})};
  spec.live = live;
  return spec;
}

SettingSpec choice(std::string path, bool standard, std::string help, bool live) {
  SettingSpec spec{std::move(path), SettingType::kSwitch, std::move(help), JsonValue(standard)};
  spec.live = live;
  return spec;
}

SettingSpec keys() {
  SettingSpec spec{"keys", SettingType::kRecords,
                   "Who may call: a name, a key or its SHA-256, scopes, a rate, a weight.",
                   JsonValue(JsonValue::Array{})};
  SettingSpec name = text("name", "", "For logs and metrics.", kLive);
  name.required = true;
  SettingSpec key = text("key", "", "The key itself; better its SHA-256.", kLive);
  key.secret = true;
  SettingSpec digest = text("sha256", "", "The key's SHA-256, 64 hexadecimal digits.", kLive);
  digest.secret = true;
  spec.fields = {
      name,
      key,
      digest,
      texts("scopes", "speech, jobs, text, measure, stats, admin or *.", kLive),
      number("requests_per_minute", 0, 0, 1e6, "0: as many as there is room for.", kLive),
      number("weight", 1, 0.01, 100, "Its part of the machine, next to others'.", kLive),
      text("priority", "normal", "The highest that it may have: interactive, normal or batch.",
           kLive)};
  spec.live = kLive;
  return spec;
}

std::vector<SettingSpec> make_settings() {
  const ServerOptions standard;
  SettingSpec wyoming{"wyoming.port", SettingType::kCount,
                      "Where Home Assistant finds it; 0: a free port; null: nowhere."};
  wyoming.most = 65'535;
  return {
      text("server.host", standard.http.host, "The address to listen on.", kAtStart),
      count("server.port", standard.http.port, 0, 65'535, "The port; 0: one that is free.",
            kAtStart),
      text("server.voice", "", "Who speaks when a request names nobody.", kLive),
      count("server.threads", 0, 0, 256, "Workers; 0: one for each processor.", kAtStart),
      number("server.drain_s", standard.drain_s, 0, 3'600,
             "What requests under way get after SIGTERM, in seconds.", kLive),
      choice("server.log", true, "A line of JSON on standard error for each request.", kAtStart),
      text("tls.certificate", "", "The certificate and its chain, a PEM file.", kAtStart),
      text("tls.key", "", "The certificate's key, a PEM file.", kAtStart),
      wyoming,
      text("wyoming.host", "", "Its address, where it is not server.host.", kAtStart),
      choice("wyoming.open", false, "Whether others than this machine may use it; it has no keys.",
             kAtStart),
      texts("cors.origins", "Origins whose pages may call from a browser; \"*\" is all.", kLive),
      texts("lexicons", "Lexicon files to ask first, in this order.", kLive),
      text("user_lexicon", "",
           "A lexicon that is asked before those and that PUT /v1/lexicon writes.", kLive),
      keys(),
      text("keys_file", "", "A file of more keys.", kLive),
      count("limits.requests", static_cast<double>(standard.work.max_tasks), 1, 100'000,
            "Requests under way at once; more are told to come again.", kAtStart),
      count("limits.requests_per_client", static_cast<double>(standard.work.max_tasks_per_client),
            1, 100'000, "Of them, those of one key or address.", kAtStart),
      number("limits.wait_s", standard.work.max_wait_s, 0.01, 3'600,
             "Who would wait longer for his first sound is told to come again.", kAtStart),
      number("limits.timeout_s", standard.request_timeout_s, 1, 86'400,
             "What one request may take in all.", kLive),
      count("limits.characters", static_cast<double>(standard.max_input_characters), 1, 10'000'000,
            "Of one request's text.", kLive),
      number("limits.requests_per_minute", 0, 0, 1e6,
             "Of a client without a key; 0: as many as there is room for.", kLive),
      text("jobs.folder", "", "Where batches and their results are; without it there are none.",
           kAtStart),
      count("jobs.items", static_cast<double>(standard.batches.max_items), 1, 1'000'000,
            "Requests of one batch.", kAtStart),
      count("jobs.characters", static_cast<double>(standard.batches.max_characters), 1, 100'000'000,
            "Of all texts of one batch.", kAtStart),
      count("jobs.batches_per_client", static_cast<double>(standard.batches.max_batches_per_client),
            1, 100'000, "Batches that are kept for one key or address.", kAtStart),
      number("jobs.megabytes_per_client", 2'000, 1, 1e9, "Of results, for one key or address.",
             kAtStart),
      number("jobs.megabytes", 20'000, 1, 1e9, "Of everybody's results.", kAtStart),
      number("jobs.keep_hours", 72, 0, 1e6, "How long a batch is kept after its end.", kAtStart),
      number("limits.stall_s", standard.work.stall_s, 0.1, 86'400,
             "A step that takes longer is reported as stalled.", kAtStart),
      number("limits.leak_megabytes_per_hour", standard.leak.bytes_per_hour / 1e6, 0, 1e6,
             "Memory that grows faster at like load is reported as a leak; 0: nobody looks.",
             kAtStart),
      number("limits.leak_minutes", standard.leak.span_s / 60, 0.1, 10'080,
             "For how long it must have grown.", kAtStart),
      text("cache.folder", "", "Where results are kept; the user's cache folder if not set.",
           kAtStart),
      text("cache.warm", "", "A file of requests whose answers are made and kept at the start.",
           kAtStart),
      number("cache.megabytes", 0, 0, 1e7, "How much is kept there; 0: nothing.", kLive),
  };
}

std::string text_member(const JsonValue& record, std::string_view name) {
  const JsonValue* member = record.find(name);
  return member == nullptr || member->text() == nullptr ? std::string() : *member->text();
}

double number_member(const JsonValue& record, std::string_view name, double standard) {
  const JsonValue* member = record.find(name);
  return member == nullptr ? standard : member->number().value_or(standard);
}

bool is_digest(const std::string& hex) {
  return hex.size() == 64 && hex.find_first_not_of("0123456789abcdef") == std::string::npos;
}

Result<ApiKey> read_key(const JsonValue& record) {
  const std::string name = text_member(record, "name");
  const std::string secret = text_member(record, "key");
  ApiKey key = key_of(name, secret);
  if (secret.empty()) key.sha256 = text_member(record, "sha256");
  if (!is_digest(key.sha256))
    return make_error(ErrorCode::kInvalidArgument, "the key '", name,
                      "' needs a \"key\", or a \"sha256\" of 64 lower-case hexadecimal digits");
  if (const JsonValue* scopes = record.find("scopes"); scopes != nullptr) {
    key.scopes.clear();
    for (const JsonValue& scope : *scopes->array()) key.scopes.push_back(*scope.text());
  }
  key.requests_per_minute = number_member(record, "requests_per_minute", 0);
  key.weight = number_member(record, "weight", 1);
  const std::string priority = text_member(record, "priority");
  const auto named = work::priority_named(priority.empty() ? "normal" : priority);
  if (!named)
    return make_error(ErrorCode::kInvalidArgument, "the key '", name, "' has the priority '",
                      priority, "'; it must be interactive, normal or batch");
  key.priority = *named;
  return key;
}

Result<std::vector<ApiKey>> read_all_keys(const io::Settings& settings) {
  std::vector<ApiKey> all;
  for (const JsonValue& record : *settings.at("keys").value.array()) {
    SYRINX_ASSIGN(all.emplace_back(), read_key(record));
  }
  if (const std::string file = settings.text("keys_file"); !file.empty()) {
    SYRINX_ASSIGN(const auto more, read_keys(file));
    all.insert(all.end(), more.begin(), more.end());
  }
  return all;
}

void set_network(const io::Settings& settings, ServerOptions& options) {
  options.http = {settings.text("server.host"),
                  static_cast<std::uint16_t>(settings.count("server.port"))};
  if (!settings.at("wyoming.port").value.is_null()) {
    const std::string host = settings.text("wyoming.host");
    options.wyoming = {host.empty() ? options.http.host : host,
                       static_cast<std::uint16_t>(settings.count("wyoming.port"))};
  }
  options.wyoming_open = settings.flag("wyoming.open");
}

Result<void> set_tls(const io::Settings& settings, ServerOptions& options) {
  const std::string certificate = settings.text("tls.certificate");
  const std::string key = settings.text("tls.key");
  if (certificate.empty() != key.empty())
    return make_error(ErrorCode::kInvalidArgument,
                      "TLS needs both tls.certificate and tls.key; only one is set");
  if (!certificate.empty()) options.tls = {certificate, key};
  return {};
}

void set_limits(const io::Settings& settings, ServerOptions& options) {
  options.work.threads = settings.count("server.threads");
  options.work.max_tasks = settings.count("limits.requests");
  options.work.max_tasks_per_client = settings.count("limits.requests_per_client");
  options.work.stall_s = settings.number("limits.stall_s");
  options.leak = {settings.number("limits.leak_megabytes_per_hour") * 1e6,
                  settings.number("limits.leak_minutes") * 60};
  options.work.max_wait_s = settings.number("limits.wait_s");
  options.request_timeout_s = settings.number("limits.timeout_s");
  options.max_input_characters = settings.count("limits.characters");
  options.requests_per_minute = settings.number("limits.requests_per_minute");
  options.drain_s = settings.number("server.drain_s");
}

void set_batches(const io::Settings& settings, BatchLimits& batches) {
  constexpr double kMegabyte = 1e6;
  const auto bytes = [&](const char* path) {
    return static_cast<std::uint64_t>(settings.number(path) * kMegabyte);
  };
  batches.folder = settings.text("jobs.folder");
  batches.max_items = settings.count("jobs.items");
  batches.max_characters = settings.count("jobs.characters");
  batches.max_batches_per_client = settings.count("jobs.batches_per_client");
  batches.max_bytes_per_client = bytes("jobs.megabytes_per_client");
  batches.max_bytes = bytes("jobs.megabytes");
  batches.keep_s = settings.number("jobs.keep_hours") * 3'600;
}

Result<std::filesystem::path> user_cache_folder() {
  const auto variable = [](const char* name) {
    const char* value = std::getenv(name);
    return std::filesystem::path(value == nullptr ? "" : value);
  };
  if (const auto cache = variable("XDG_CACHE_HOME"); !cache.empty()) return cache / "syrinx";
  if (const auto home = variable("HOME"); !home.empty()) return home / ".cache" / "syrinx";
  return make_error(ErrorCode::kNotFound,
                    "no folder for the cache: set cache.folder, XDG_CACHE_HOME or HOME");
}

Result<void> set_cache(const io::Settings& settings, ServerOptions& options) {
  options.cache_bytes = static_cast<std::uint64_t>(settings.number("cache.megabytes") * 1e6);
  options.warm_file = settings.text("cache.warm");
  if (options.cache_bytes == 0) return {};
  options.cache_folder = settings.text("cache.folder");
  if (!options.cache_folder.empty()) return {};
  SYRINX_ASSIGN(options.cache_folder, user_cache_folder());
  return {};
}

}  // namespace

const std::vector<SettingSpec>& server_settings() {
  static const std::vector<SettingSpec> settings = make_settings();
  return settings;
}

Result<ServerOptions> server_options(const io::Settings& settings) {
  ServerOptions options;
  set_network(settings, options);
  SYRINX_TRY(set_tls(settings, options));
  set_limits(settings, options);
  options.voice = settings.text("server.voice");
  SYRINX_TRY(set_cache(settings, options));
  set_batches(settings, options.batches);
  options.origins = settings.texts("cors.origins");
  options.own_lexicon = settings.text("user_lexicon");
  for (const std::string& file : settings.texts("lexicons")) options.lexicons.emplace_back(file);
  SYRINX_ASSIGN(options.keys, read_all_keys(settings));
  return options;
}

}  // namespace syrinx::server
