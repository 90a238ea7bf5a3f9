// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>

#include "syrinx/apps/server/api/core.h"
#include "syrinx/apps/server/http/exchange.h"

namespace syrinx::server {

// The way of a request: its route, who asks, whether he may and not too often, then the handler.
// By the network's thread; never waits.
void serve(Core& core, std::shared_ptr<http::Exchange> exchange);

// The most bytes that the body of a request with this head may have.
std::size_t body_limit(const Core& core, const http::Request& head);

}  // namespace syrinx::server
