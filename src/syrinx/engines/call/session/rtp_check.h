// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "syrinx/core/base/realtime.h"
#include "syrinx/stages/packet/rtp.h"

namespace syrinx::call {

// Whether packet::parse_rtp() reads these bytes: its errors are sentences, which take memory that
// the ticking thread may not take.
bool rtp_is_whole(packet::Bytes datagram) noexcept SYRINX_REALTIME;

}  // namespace syrinx::call
