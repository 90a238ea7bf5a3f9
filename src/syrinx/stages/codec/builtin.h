// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string_view>

#include "syrinx/stages/codec/codec.h"

// What make_encoder() and make_decoder() choose from. `info` outlives what is made.
namespace syrinx::codec {

bool same_name(std::string_view a, std::string_view b) noexcept;  // Without regard to case.

// PCMU, PCMA and L16: a code for each sample.
std::unique_ptr<Encoder> make_sample_encoder(const CodecInfo& info);
std::unique_ptr<Decoder> make_sample_decoder(const CodecInfo& info);
std::unique_ptr<Encoder> make_g722_encoder(const CodecInfo& info);
std::unique_ptr<Decoder> make_g722_decoder(const CodecInfo& info);
// Errors: as g729_available().
Result<std::unique_ptr<Encoder>> make_g729_encoder(const CodecInfo& info,
                                                   const PayloadFormat& format,
                                                   const EncoderSettings& settings);
Result<std::unique_ptr<Decoder>> make_g729_decoder(const CodecInfo& info);
// Errors: kInvalidArgument for settings outside Opus's; kInternal if libopus refuses.
Result<std::unique_ptr<Encoder>> make_opus_encoder(const CodecInfo& info,
                                                   const PayloadFormat& format,
                                                   const EncoderSettings& settings);
Result<std::unique_ptr<Decoder>> make_opus_decoder(const CodecInfo& info,
                                                   const PayloadFormat& format, int sample_rate_hz);

}  // namespace syrinx::codec
