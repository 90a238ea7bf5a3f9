// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"
#include "syrinx/stages/codec/codec.h"

namespace syrinx::call {

// Mono speech through a codec and back, with no network between, at the rate that it came in.
// Errors: those of payload_format_of(), make_packet_encoder() and make_packet_decoder().
Result<AudioBuffer> through_codec(AudioView speech, std::string_view codec,
                                  const codec::EncoderSettings& settings, int packet_ms);

}  // namespace syrinx::call
