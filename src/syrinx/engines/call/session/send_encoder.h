// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "syrinx/core/base/realtime.h"
#include "syrinx/core/base/result.h"
#include "syrinx/engines/call/rate_changer.h"
#include "syrinx/stages/codec/codec.h"

namespace syrinx::call {

// What one packet carries, wherever it goes.
struct EncodedPacket {
  std::span<const std::uint8_t> payload;  // Empty: silence that is not sent (DTX).
  std::uint32_t duration_ticks = 0;
  std::uint32_t offset_ticks = 0;  // From the packet's time to where its payload begins.
  bool silence = false;            // The payload describes a silence: nobody begins to speak.
  int level_dbov = -127;           // Of the sound in it (RFC 6464).
};

// How loud a sound of this mean square is, from 0 (a square wave at full scale) to -127 (RFC 6464).
int dbov_of(double mean_square) noexcept SYRINX_REALTIME;

// What two senders must have in common to share an encoder: all that decides the bytes.
struct SendKey {
  std::string codec;  // Name, clock, parameters and settings in one text.
  int packet_ms = 0;
  friend bool operator==(const SendKey&, const SendKey&) = default;
};

// Sound of any rate into payloads, 10 ms at a time. One stream, one thread.
class SendEncoder {
 public:
  // `sample_rate_hz`: of the sound that is added. `max_packet_ms`: what set_packet_ms() may ask
  // for; 0 is packet_ms. Errors: those of codec::make_encoder(); kInvalidArgument for more than one
  // channel, or packets that are not a whole number of 10 ms that the codec takes.
  static Result<SendEncoder> create(const codec::PayloadFormat& format,
                                    const codec::EncoderSettings& settings, int packet_ms,
                                    int sample_rate_hz, int max_packet_ms = 0);

  const codec::CodecInfo& info() const noexcept { return encoder_->info(); }
  const SendKey& key() const noexcept { return key_; }
  int packet_ms() const noexcept { return key_.packet_ms; }
  // From a sample that is added to the same in what is decoded, without the packet itself.
  double latency_ms() const noexcept;

  // Adds 10 ms; a packet where that makes one whole. Its bytes are there until the next call.
  // Pre: frames.size() is 10 ms.
  std::optional<EncodedPacket> add(std::span<const float> frames) noexcept SYRINX_REALTIME;
  void adapt(const codec::Adaptation& adaptation) noexcept SYRINX_REALTIME {
    encoder_->adapt(adaptation);
  }
  // Packets of another length, from the next one on. False, and nothing done, for one that the
  // codec does not take or that is longer than there is room for.
  bool set_packet_ms(int packet_ms) noexcept SYRINX_REALTIME;
  // Forgets the past, and what waits for its packet.
  void reset() noexcept SYRINX_REALTIME;

 private:
  SendEncoder() = default;
  std::size_t frames_in(int packet_ms) const noexcept;
  bool takes(int packet_ms) const noexcept;

  SendKey key_;
  std::unique_ptr<codec::Encoder> encoder_;
  std::optional<RateChanger> changer_;
  std::vector<float> waiting_;  // The longest packet at the encoder's rate.
  std::size_t filled_ = 0;
  int wanted_packet_ms_ = 0;  // From the next packet on.
  double squares_ = 0.0;      // Of what waits.
  std::vector<std::uint8_t> payload_;
};

}  // namespace syrinx::call
