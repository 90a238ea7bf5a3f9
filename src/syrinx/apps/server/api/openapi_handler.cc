// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "syrinx/apps/server/api/handlers.h"
#include "syrinx/apps/server/speech/captions.h"

namespace syrinx::server {
namespace {

using nlohmann::json;

json error_schema() {
  return json::parse(R"({"type": "object", "required": ["error"], "properties": {"error": {
    "type": "object", "required": ["message", "type", "param", "code"], "properties": {
      "message": {"type": "string"}, "type": {"type": "string"},
      "param": {"type": ["string", "null"]}, "code": {"type": ["string", "null"]}}}}})");
}

json content_json(const std::string& types) {
  json content = json::object();
  std::istringstream words(types);
  for (std::string type; words >> type;) {
    const bool is_json = type == "application/json";
    content[type]["schema"] = is_json ? json{{"type", "object"}} : json{{"type", "string"}};
  }
  return content;
}

json parameters_json(const std::string& path) {
  json parameters = json::array();
  for (std::size_t at = path.find('{'); at != std::string::npos; at = path.find('{', at + 1)) {
    parameters.push_back({{"name", path.substr(at + 1, path.find('}', at) - at - 1)},
                          {"in", "path"},
                          {"required", true},
                          {"schema", {{"type", "string"}}}});
  }
  return parameters;
}

json body_json(const std::string& schema) {
  if (schema == "binary")
    return {
        {"required", true},
        {"content",
         {{"application/octet-stream", {{"schema", {{"type", "string"}, {"format", "binary"}}}}}}}};
  return {{"required", true},
          {"content", {{"application/json", {{"schema", json::parse(schema)}}}}}};
}

json operation_json(const Route& route) {
  const bool socket = std::string_view(route.response) == "websocket";
  json responses = json::object();
  if (socket) {
    responses["101"] = {{"description", "A WebSocket (RFC 6455)"}};
  } else {
    responses["200"] = {{"description", route.summary}, {"content", content_json(route.response)}};
  }
  responses["default"] = {
      {"description", "What was wrong"},
      {"content", {{"application/json", {{"schema", {{"$ref", "#/components/schemas/Error"}}}}}}}};
  json operation = {{"summary", route.summary}, {"responses", std::move(responses)}};
  if (auto parameters = parameters_json(route.path); !parameters.empty())
    operation["parameters"] = std::move(parameters);
  if (*route.request != '\0') operation["requestBody"] = body_json(route.request);
  if (*route.scope == '\0') {
    operation["security"] = json::array();
  } else {
    operation["x-scope"] = route.scope;
  }
  return operation;
}

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return text;
}

}  // namespace

// Made of the table of routes, so that it cannot tell of others.
void get_openapi(Core& core, const std::shared_ptr<Call>& call) {
  json document = {{"openapi", "3.1.0"},
                   {"info",
                    {{"title", "Syrinx"},
                     {"version", "1"},
                     {"description", "Speech as a service, with OpenAI's addresses and more."}}},
                   {"paths", json::object()},
                   {"components",
                    {{"schemas", {{"Error", error_schema()}}},
                     {"securitySchemes", {{"key", {{"type", "http"}, {"scheme", "bearer"}}}}}}}};
  for (const Route& route : routes())
    document["paths"][route.path][lower(route.method)] = operation_json(route);
  if (!core.keys.empty()) document["security"] = json::array({{{"key", json::array()}}});
  http::Response response;
  response.body = json_line(document);
  call->respond(std::move(response));
}

}  // namespace syrinx::server
