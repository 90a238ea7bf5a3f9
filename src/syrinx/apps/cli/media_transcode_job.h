// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"
#include "syrinx/stages/codec/codec.h"

// A sound through a codec and a network that loses packets, as the other side hears it.
namespace syrinx::cli {

struct TranscodeRequest {
  std::string codec = "opus";  // As an offer has it: "PCMU", "L16/48000".
  codec::EncoderSettings encoder;
  double block_ms = 20.0;
  double loss_percent = 0.0;
  double burst_packets = 1.0;  // The mean number of packets lost in a row.
  std::uint32_t seed = 1;
  bool conceal = true;  // Else a loss is silence.
  bool events = false;  // Digits leave the sound and go as telephone events (RFC 4733).
};

struct Transcoded {
  AudioBuffer audio;      // What the other side hears, at the codec's rate.
  AudioBuffer reference;  // What was encoded, at the same rate, mono.
  codec::PayloadFormat format;
  std::size_t packets = 0;
  std::size_t unsent = 0;  // By DTX.
  std::size_t lost = 0;
  std::size_t recovered = 0;  // Lost, and brought back from the next packet.
  std::size_t payload_bytes = 0;
  double delay_ms = 0.0;  // The block and the codec's own.
  std::string digits;     // Heard by the other side as events.
};

// Errors: of the codec and the resampler; kInvalidArgument for a block that the codec does not take
// or losses outside 0 to 100 %.
Result<Transcoded> transcode(AudioView sound, const TranscodeRequest& request);

}  // namespace syrinx::cli
