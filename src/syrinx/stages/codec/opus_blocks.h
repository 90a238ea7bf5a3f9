// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "syrinx/core/base/result.h"
#include "syrinx/stages/codec/payload_format.h"

namespace syrinx::codec {

// Whether Opus codes a block of that length: 2.5, 5, 10, 20, 40 or 60 ms.
bool is_opus_block(std::size_t frames, int rate_hz) noexcept;
// The rate that is meant: 0 is 48,000. Errors: kInvalidArgument for one that Opus does not have.
Result<int> opus_rate(int sample_rate_hz);
// 2 where the format's fmtp says stereo=1, else 1 (RFC 7587, 6.1).
std::size_t opus_channels(const PayloadFormat& format) noexcept;

}  // namespace syrinx::codec
