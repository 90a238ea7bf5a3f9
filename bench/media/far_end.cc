// SPDX-License-Identifier: Apache-2.0
#include "media/far_end.h"

#include "syrinx/engines/call/payload_adapters.h"
#include "syrinx/stages/packet/rtp.h"

namespace syrinx::bench {

codec::Agreement agreement_on(const std::string& codec) {
  codec::Agreement agreement;
  agreement.send = call::payload_format_of(codec).value();
  agreement.receive = agreement.send;
  return agreement;
}

Result<CodedSound> CodedSound::create(const std::string& codec,
                                      const codec::EncoderSettings& settings, AudioView sound) {
  CodedSound out;
  SYRINX_ASSIGN(const auto format, call::payload_format_of(codec));
  SYRINX_ASSIGN(auto encoder,
                call::SendEncoder::create(format, settings, 20, sound.sample_rate_hz()));
  out.payload_type_ = static_cast<std::uint8_t>(format.payload_type);
  const auto block = static_cast<std::size_t>(sound.sample_rate_hz()) / 100;
  for (std::size_t at = 0; at + block <= sound.frames(); at += block) {
    const auto packet = encoder.add(sound.channel(0).subspan(at, block));
    if (!packet) continue;
    out.payloads_.emplace_back(packet->payload.begin(), packet->payload.end());
    out.ticks_ = packet->duration_ticks;
  }
  return out;
}

FarEnd::FarEnd(const CodedSound& sound, std::uint32_t number)
    : sound_(&sound),
      ssrc_(0x10000000u + number),
      begins_at_(number * 37u),
      datagram_(call::MediaSession::kMaxDatagram) {}

void FarEnd::send(call::MediaSession& session, std::chrono::nanoseconds now) {
  const auto& payload = sound_->payload(begins_at_ + sent_);
  packet::RtpFields fields;
  fields.payload_type = sound_->payload_type();
  fields.sequence = static_cast<std::uint16_t>(sent_);
  fields.timestamp = static_cast<std::uint32_t>(sent_ * sound_->ticks());
  fields.ssrc = ssrc_;
  ++sent_;
  const auto bytes = packet::write_rtp(fields, payload, datagram_);
  if (bytes) session.receive(std::span(datagram_).first(*bytes), now);
}

std::uint64_t FarEnd::take(call::MediaSession& session) {
  std::uint64_t packets = 0;
  while (true) {
    const auto out = session.take(datagram_);
    if (out.bytes == 0) return packets;
    packets += out.rtcp ? 0 : 1;
  }
}

}  // namespace syrinx::bench
