// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "syrinx/apps/server/http/message.h"

namespace syrinx::server::page {

// The answer to a GET of a file of the page: its bytes, or 304 for a browser that shows their ETag
// (RFC 9110, 13.1.2), or 404 in the shape of the other errors where the page has no such file. The
// page may use nothing but this server: its Content-Security-Policy names no other source, and
// nothing inline.
http::Response asset_response(const http::Request& request);

}  // namespace syrinx::server::page
