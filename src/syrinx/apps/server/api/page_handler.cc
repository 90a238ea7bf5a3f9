// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "syrinx/apps/server/api/errors.h"
#include "syrinx/apps/server/api/handlers.h"
#include "syrinx/apps/server/page/assets.h"

namespace syrinx::server {

// A file of the page; a browser that has it already is told so.
void get_asset(Core&, const std::shared_ptr<Call>& call) {
  const page::Asset* asset = page::find_asset(call->request().path);
  if (asset == nullptr) return call->respond(error_response(404, "the page has no such file"));
  http::Response response;
  response.content_type = std::string(asset->content_type);
  response.fields = {{"ETag", std::string(asset->etag)},
                     {"Cache-Control", "no-cache"},
                     {"Content-Security-Policy",
                      "default-src 'self'; media-src 'self' blob:; img-src 'self' blob: data:; "
                      "connect-src 'self' ws: wss:; style-src 'self' 'unsafe-inline'; "
                      "object-src 'none'; base-uri 'none'; frame-ancestors 'none'"}};
  const std::string* known = call->request().field("If-None-Match");
  if (known != nullptr && *known == asset->etag) {
    response.status = 304;
  } else {
    response.body = std::string(asset->bytes);
  }
  call->respond(std::move(response));
}

}  // namespace syrinx::server
