// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/server/api/service.h"

#include <algorithm>
#include <exception>
#include <optional>
#include <string>

#include "syrinx/apps/server/api/errors.h"
#include "syrinx/core/base/log.h"

namespace syrinx::server {
namespace {

constexpr std::string_view kBearer = "Bearer ";
constexpr std::string_view kKeyProtocol = "syrinx.key.";  // Of browsers' WebSockets.

bool matches(std::string_view pattern, std::string_view path) {
  while (!pattern.empty() && !path.empty()) {
    const std::size_t pattern_end = std::min(pattern.find('/', 1), pattern.size());
    const std::size_t path_end = std::min(path.find('/', 1), path.size());
    const std::string_view part = pattern.substr(0, pattern_end);
    const bool any = part.size() > 1 && part[1] == '{' && path_end > 1;
    if (!any && part != path.substr(0, path_end)) return false;
    pattern.remove_prefix(pattern_end);
    path.remove_prefix(path_end);
  }
  return pattern.empty() && path.empty();
}

struct Found {
  const Route* route = nullptr;
  std::string methods;  // Of this path.
};

Found find_route(const http::Request& request) {
  Found found;
  const std::string method = request.method == "HEAD" ? "GET" : request.method;
  for (const Route& route : routes()) {
    if (!matches(route.path, request.path)) continue;
    if (route.method == method && found.route == nullptr) found.route = &route;
    found.methods += (found.methods.empty() ? "" : ", ") + std::string(route.method);
  }
  return found;
}

// The key that a request shows, without its wrapping; nothing when it shows none.
std::optional<std::string> shown_secret(const http::Request& request) {
  if (const std::string* field = request.field("Authorization")) {
    if (field->compare(0, kBearer.size(), kBearer) == 0) return field->substr(kBearer.size());
    return "";
  }
  const std::string* protocols = request.field("Sec-WebSocket-Protocol");
  if (protocols == nullptr) return std::nullopt;
  const std::size_t begin = protocols->find(kKeyProtocol);
  if (begin == std::string::npos) return std::nullopt;
  const std::size_t from = begin + kKeyProtocol.size();
  return protocols->substr(from, protocols->find_first_of(", ", from) - from);
}

// Without its port and brackets.
std::string host_of(std::string_view authority) {
  if (!authority.empty() && authority[0] == '[')
    return std::string(authority.substr(1, authority.find(']') - 1));
  return std::string(authority.substr(0, authority.find(':')));
}

bool is_loopback_name(const std::string& host) {
  return host == "localhost" || host == "::1" || host.compare(0, 4, "127.") == 0;
}

// A page of another site may have its own name resolved to this machine: without keys, only our own
// names are answered.
bool is_our_name(const Core& core, const Call& call) {
  const http::Request& request = call.request();
  if (!call.policy->keys.empty()) return true;
  const std::string* host = request.field("Host");
  if (host == nullptr) return true;
  const std::string name = host_of(*host);
  return is_loopback_name(name) || name == core.options.http.host;
}

bool is_allowed_origin(const Policy& policy, const http::Request& request,
                       const std::string& origin) {
  const auto& allowed = policy.options.origins;
  if (std::find(allowed.begin(), allowed.end(), "*") != allowed.end() ||
      std::find(allowed.begin(), allowed.end(), origin) != allowed.end())
    return true;
  const std::string* host = request.field("Host");
  const std::size_t scheme = origin.find("://");
  return host != nullptr && scheme != std::string::npos && origin.substr(scheme + 3) == *host;
}

// Fields that every answer bears. False when a page of another site asks, and may not.
bool check_origin(const Policy& policy, http::Exchange& exchange) {
  exchange.add_field({"X-Content-Type-Options", "nosniff"});
  const std::string* origin = exchange.request().field("Origin");
  if (origin == nullptr) return true;
  if (!is_allowed_origin(policy, exchange.request(), *origin)) return false;
  if (policy.options.origins.empty()) return true;
  exchange.add_field({"Access-Control-Allow-Origin", *origin});
  exchange.add_field({"Vary", "Origin"});
  return true;
}

void answer_preflight(Call& call, const std::string& methods) {
  http::Response response;
  response.status = 204;
  response.fields = {{"Allow", methods}};
  if (!call.policy->options.origins.empty()) {
    response.fields.push_back({"Access-Control-Allow-Methods", methods});
    response.fields.push_back({"Access-Control-Allow-Headers", "Authorization, Content-Type"});
    response.fields.push_back({"Access-Control-Max-Age", "600"});
  }
  call.respond(std::move(response));
}

void reject(Call& call, std::string_view reason, http::Response response) {
  call.core.metrics.rejected.add(reason);
  call.respond(std::move(response));
}

// Who asks, and may he? False when he was answered.
bool admit(Call& call, const std::string& scope) {
  const KeyRing& keys = call.policy->keys;
  call.client = "address:" + call.request().peer;
  if (const auto secret = shown_secret(call.request()); secret && !keys.empty()) {
    call.key = keys.find(*secret);
    if (call.key != nullptr) call.client = "key:" + call.key->name;
  }
  if (scope.empty()) return true;
  if (!keys.empty() && call.key == nullptr) {
    auto response = error_response(
        401, "this server needs a key: send 'Authorization: Bearer KEY' with one that it knows");
    response.fields.push_back({"WWW-Authenticate", "Bearer"});
    reject(call, "bad_key", std::move(response));
    return false;
  }
  if (call.key != nullptr && !allows(*call.key, scope)) {
    reject(call, "scope",
           error_response(403, "the key '" + call.key->name + "' is not allowed '" + scope + "'"));
    return false;
  }
  return true;
}

// False when he asks too often, and was told.
bool within_rate(Core& core, Call& call) {
  const double per_minute = call.key != nullptr ? call.key->requests_per_minute
                                                : call.policy->options.requests_per_minute;
  const auto wait_s = core.rates.take(call.client, per_minute, call.arrival);
  if (!wait_s) return true;
  const auto seconds = static_cast<int>(std::max(1.0, *wait_s + 0.999));
  auto response =
      error_response(429, "more requests came than the limit for you allows; try again in " +
                              std::to_string(seconds) + " s");
  response.fields.push_back({"Retry-After", std::to_string(seconds)});
  reject(call, "rate_limit", std::move(response));
  return false;
}

bool has_room(Core& core, Call& call) {
  if (core.network == nullptr ||
      core.network->counts().pending_bytes <= core.options.network.max_pending_bytes)
    return true;
  auto response = error_response(429, "too much sound waits for slow clients; try again soon");
  response.fields.push_back({"Retry-After", "2"});
  reject(call, "memory", std::move(response));
  return false;
}

void dispatch(Core& core, const std::shared_ptr<Call>& call) {
  const http::Request& request = call->request();
  if (!is_our_name(core, *call))
    return reject(*call, "host", error_response(403, "this server does not go by that name"));
  if (!check_origin(*call->policy, *call->exchange))
    return reject(*call, "origin",
                  error_response(403, "pages of other sites may not use this server"));
  const Found found = find_route(request);
  if (found.methods.empty())
    return call->respond(error_response(
        404, "there is nothing at '" + request.path + "'; GET /openapi.json lists what there is"));
  if (request.method == "OPTIONS") return answer_preflight(*call, found.methods);
  if (found.route == nullptr) {
    auto response = error_response(405, "'" + request.path + "' takes " + found.methods);
    response.fields.push_back({"Allow", found.methods});
    return call->respond(std::move(response));
  }
  call->route = found.route;
  const std::string scope = found.route->scope;
  core.metrics.requests.add(std::string(found.route->method) + " " + found.route->path);
  if (!admit(*call, scope)) return;
  if (!scope.empty() && (!within_rate(core, *call) || !has_room(core, *call))) return;
  found.route->handle(core, call);
}

}  // namespace

void serve(Core& core, std::shared_ptr<http::Exchange> exchange) {
  auto call = std::make_shared<Call>(core, std::move(exchange));
  call->exchange->add_field({"X-Request-Id", std::to_string(call->number)});
  try {
    dispatch(core, call);
  } catch (const std::exception& unforeseen) {  // Out of memory, or a library's.
    log(LogLevel::kError, std::string("request failed: ") + unforeseen.what());
    call->respond(error_response(500, "something unforeseen went wrong; it was logged"));
  }
}

std::size_t body_limit(const Core& core, const http::Request& head) {
  const Found found = find_route(head);
  if (found.route == nullptr) return 0;
  const auto policy = core.policy.get();
  if (policy->keys.empty() || std::string_view(found.route->scope).empty())
    return found.route->max_body;
  const auto secret = shown_secret(head);
  return secret && policy->keys.find(*secret) != nullptr
             ? found.route->max_body
             : std::min<std::size_t>(found.route->max_body, 65'536);
}

}  // namespace syrinx::server
