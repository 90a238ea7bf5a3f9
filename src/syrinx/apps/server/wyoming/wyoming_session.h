// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "syrinx/apps/server/api/core.h"
#include "syrinx/apps/server/http/exchange.h"

namespace syrinx::server::wyoming {

// One client of Wyoming: "describe" is answered with what there is, "ping" with "pong";
// "synthesize" is said as audio-start, audio-chunk... and audio-stop; "synthesize-start",
// "synthesize-chunk"... and "synthesize-stop" are said as they come and end with
// "synthesize-stopped".
std::unique_ptr<http::ByteHandler> make_session(Core& core);

}  // namespace syrinx::server::wyoming
