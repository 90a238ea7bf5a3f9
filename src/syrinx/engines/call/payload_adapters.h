// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>

#include "syrinx/core/base/result.h"
#include "syrinx/engines/call/adaptation.h"
#include "syrinx/stages/codec/codec.h"
#include "syrinx/stages/packet/packet_decoder.h"
#include "syrinx/stages/packet/simulator.h"

// Codecs as packets want them: mono, one stream each.
namespace syrinx::call {

// Packets of `packet_ms` of this format at the codec's own rate; nothing is sent where the codec
// says so (Opus, DTX). Errors: those of codec::make_encoder(); kInvalidArgument for a length that
// the codec does not take, or more than one channel.
Result<std::unique_ptr<packet::PacketEncoder>> make_packet_encoder(
    const codec::PayloadFormat& format, const codec::EncoderSettings& settings, int packet_ms);

// Decodes, conceals and makes comfort noise at this rate; 0 is the codec's own.
// Errors: those of codec::make_decoder() and RateChanger::create(); kInvalidArgument for more than
// one channel.
Result<std::unique_ptr<packet::PacketDecoder>> make_packet_decoder(
    const codec::PayloadFormat& format, int sample_rate_hz = 0);

// Whether the codec itself works on sound of this rate.
bool works_at(const codec::PayloadFormat& format, int sample_rate_hz);

// The format of a codec by its name, mono, with its static payload type or else 96.
// Errors: kNotFound, naming those that there are; kInvalidArgument for what is no audio.
Result<codec::PayloadFormat> payload_format_of(std::string_view codec);

// The same under a number that stands beside payload_format_of()'s: 97 where that is dynamic too.
Result<codec::PayloadFormat> fallback_format_of(std::string_view codec);

// What an adaptation may change of a stream in packets of `packet_ms`, of which the other side
// takes `max_packet_ms` (0: what the codecs have).
AdaptationScope adaptation_scope(const AdaptationOptions& options,
                                 const codec::PayloadFormat& format,
                                 const std::optional<codec::PayloadFormat>& fallback, int packet_ms,
                                 int max_packet_ms);

// `own` as they are to begin with: with the adaptation's bit rate where it sets one.
codec::EncoderSettings adapted_settings(const AdaptationOptions& options,
                                        const codec::PayloadFormat& format,
                                        codec::EncoderSettings own);

}  // namespace syrinx::call
