// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/server/page/asset_response.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "syrinx/apps/server/page/assets.h"

namespace syrinx::server::page {
namespace {

constexpr const char* kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

// Whether a list of ETags, weak or not, has this one; "*" has any.
bool names_etag(std::string_view list, std::string_view etag) {
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    std::string_view entry = trimmed(list.substr(0, comma));
    list.remove_prefix(std::min(comma + 1, list.size()));
    if (entry.substr(0, 2) == "W/") entry.remove_prefix(2);
    if (entry == etag || entry == "*") return true;
  }
  return false;
}

http::Response not_found() {
  http::Response response;
  response.status = 404;
  response.body =
      R"({"error": {"message": "the page has no such file", "type": "not_found_error", )"
      R"("param": null, "code": null}})";
  return response;
}

}  // namespace

http::Response asset_response(const http::Request& request) {
  const Asset* asset = find_asset(request.path);
  if (asset == nullptr) return not_found();
  http::Response response;
  response.content_type = std::string(asset->content_type);
  response.fields = {{"ETag", asset->etag},
                     {"Cache-Control", "no-cache"},
                     {"Content-Security-Policy", kPolicy},
                     {"Cross-Origin-Opener-Policy", "same-origin"},
                     {"Cross-Origin-Resource-Policy", "same-origin"},
                     {"Referrer-Policy", "no-referrer"}};
  const std::string* known = request.field("If-None-Match");
  if (known != nullptr && names_etag(*known, asset->etag)) {
    response.status = 304;
  } else {
    response.body = std::string(asset->bytes);
  }
  return response;
}

}  // namespace syrinx::server::page
