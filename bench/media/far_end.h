// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "syrinx/engines/call/session/media_session.h"

// The other ends of a bench's calls, which cost next to nothing while it runs: packets that were
// coded beforehand, sent again and again under each one's own numbers.
namespace syrinx::bench {

// What both sides agree on: this codec, mono, packets of 20 ms.
codec::Agreement agreement_on(const std::string& codec);

// One packet after another of a sound in a codec, and silence as such a codec says it.
class CodedSound {
 public:
  // Errors: those of the codec.
  static Result<CodedSound> create(const std::string& codec, const codec::EncoderSettings& settings,
                                   AudioView sound);
  std::size_t packets() const noexcept { return payloads_.size(); }
  const std::vector<std::uint8_t>& payload(std::size_t number) const noexcept {
    return payloads_[number % payloads_.size()];
  }
  std::uint32_t ticks() const noexcept { return ticks_; }
  std::uint8_t payload_type() const noexcept { return payload_type_; }

 private:
  std::vector<std::vector<std::uint8_t>> payloads_;
  std::uint32_t ticks_ = 0;
  std::uint8_t payload_type_ = 0;
};

// One far end: sends the sound from a place of its own on, and takes what comes.
class FarEnd {
 public:
  FarEnd(const CodedSound& sound, std::uint32_t number);
  // The next packet, to a session, at this time.
  void send(call::MediaSession& session, std::chrono::nanoseconds now);
  // The next packet is lost.
  void lose() { ++sent_; }
  // Takes all that the session sends; how many packets of sound that was.
  std::uint64_t take(call::MediaSession& session);

 private:
  const CodedSound* sound_;
  std::uint32_t ssrc_;
  std::uint64_t begins_at_;
  std::uint64_t sent_ = 0;
  std::vector<std::uint8_t> datagram_;
};

}  // namespace syrinx::bench
