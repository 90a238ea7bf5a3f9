// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "syrinx/core/base/realtime.h"
#include "syrinx/stages/packet/rtp.h"

namespace syrinx::packet {

// The longest that one packet may sound: 120 ms (Opus; others are shorter in practice).
inline constexpr int kMaxPacketMs = 120;

// What a jitter buffer asks of a codec: one direction of one call, mono, at the buffer's rate. Who
// puts the two together implements it over a codec. Every call but the first two on one thread, in
// real time.
class PacketDecoder {
 public:
  virtual ~PacketDecoder() = default;

  virtual int sample_rate_hz() const noexcept = 0;  // Of the samples.
  virtual int clock_rate_hz() const noexcept = 0;   // Of RTP timestamps (8000 for G.722).

  // The frames that decode() would make; 0 if these bytes are no payload of this codec.
  virtual std::size_t frames_in(Bytes payload) const noexcept SYRINX_REALTIME = 0;
  // Whether the payload says that silence follows (an Opus DTX frame, G.729's SID). Plain codecs:
  // no.
  virtual bool begins_silence(Bytes payload) const noexcept SYRINX_REALTIME {
    static_cast<void>(payload);
    return false;
  }
  // Decodes the next packet into `out`, which has room for kMaxPacketMs. Returns the frames made,
  // 0 for bytes that cannot be decoded.
  virtual std::size_t decode(Bytes payload, std::span<float> out) noexcept SYRINX_REALTIME = 0;
  // Fills `out` (10 ms or less) in place of sound that did not come.
  virtual void conceal(std::span<float> out) noexcept SYRINX_REALTIME = 0;
  // Fills `out` with the last frames before `next`, from redundancy in it (in-band FEC). False: it
  // has none, and nothing changed.
  virtual bool recover(Bytes next, std::span<float> out) noexcept SYRINX_REALTIME {
    static_cast<void>(next);
    static_cast<void>(out);
    return false;
  }
  // Fills `out` with the background of a silence: what the last packet described. Zeros unless
  // overridden.
  virtual void background(std::span<float> out) noexcept SYRINX_REALTIME {
    for (float& sample : out) sample = 0.0f;
  }
  // Takes a comfort noise packet (RFC 3389) that describes the background from now on.
  virtual void describe_background(Bytes payload) noexcept SYRINX_REALTIME {
    static_cast<void>(payload);
  }
  // Another source speaks from now on.
  virtual void reset() noexcept SYRINX_REALTIME = 0;
};

}  // namespace syrinx::packet
