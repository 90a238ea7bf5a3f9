// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "syrinx/engines/call/session/media_session_impl.h"

// What goes to the network: sound, events, reports.
namespace syrinx::call {
namespace {

using std::chrono::nanoseconds;

constexpr std::uint32_t kRtp = 0;
constexpr std::uint32_t kRtcp = 1;
constexpr std::size_t kNetworkBytes = 28;  // IPv4 and UDP.
constexpr int kVoiceDbov = -50;  // From here on the level extension says that it is voice.

}  // namespace

// What was not said while nothing could be sent has its time in the timestamps.
void MediaSession::Impl::catch_up(nanoseconds now, nanoseconds duration) noexcept {
  if (resumed_ && pushed_) {
    const nanoseconds gap = now - duration - pushed_until_;
    if (gap > nanoseconds(0))
      timestamp_ +=
          static_cast<std::uint32_t>(static_cast<double>(gap.count()) * 1e-9 * send_.clock_hz);
    if (send_.encoder) send_.encoder->reset();
    spurt_ = true;
  }
  resumed_ = false;
  pushed_ = true;
  pushed_until_ = now;
}

void MediaSession::Impl::push(nanoseconds now, std::span<const float> in) noexcept {
  const std::size_t block = buffer_.block_frames();
  SYRINX_CHECK(in.size() % block == 0, "a session takes whole blocks of 10 ms");
  if (!may_send()) return;
  catch_up(now, std::chrono::milliseconds(10 * (in.size() / block)));
  for (std::size_t at = 0; at < in.size(); at += block) {
    if (const auto packet = send_.encoder->add(in.subspan(at, block))) emit(now, *packet);
  }
}

void MediaSession::Impl::push_packet(nanoseconds now, const EncodedPacket& packet) noexcept {
  if (!may_send()) return;
  catch_up(now, std::chrono::milliseconds(send_.encoder->packet_ms()));
  emit(now, packet);
}

void MediaSession::Impl::emit(nanoseconds now, const EncodedPacket& packet) noexcept {
  packet::RtpFields fields;
  fields.payload_type = send_.type;
  fields.timestamp = timestamp_;
  const auto event = send_.events ? digits_.next(timestamp_) : std::nullopt;
  timestamp_ += packet.duration_ticks;
  if (event) {
    fields.payload_type = *send_.events;
    fields.marker = event->marker;
    fields.timestamp = event->timestamp;
    return emit_rtp(now, fields, event->payload);
  }
  if (packet.payload.empty()) {
    spurt_ = true;
    return;
  }
  fields.timestamp += packet.offset_ticks;
  fields.marker = spurt_ && !packet.silence;
  spurt_ = packet.silence;
  emit_sound(now, fields, packet);
}

// With its level, and who is in it and how loud.
void MediaSession::Impl::emit_sound(nanoseconds now, packet::RtpFields& fields,
                                    const EncodedPacket& packet) noexcept {
  const std::uint8_t level =
      packet::audio_level_byte({packet.level_dbov >= kVoiceDbov, packet.level_dbov});
  std::array<std::uint32_t, Contributors::kMost> sources{};
  std::array<std::uint8_t, Contributors::kMost> levels{};
  std::size_t count = 0;
  for (const Contributor& one : contributors_.list()) {
    sources[count] = one.ssrc;
    levels[count++] = packet::audio_level_byte({false, one.level_dbov.value_or(-127)});
  }
  std::array<packet::ExtensionElement, 2> elements;
  std::size_t extensions = 0;
  if (options_.audio_level_id != 0)
    elements[extensions++] = {options_.audio_level_id, packet::Bytes(&level, 1)};
  if (options_.mixer_level_id != 0 && count > 0)
    elements[extensions++] = {options_.mixer_level_id, packet::Bytes(levels).first(count)};
  fields.csrcs = std::span(sources).first(count);
  fields.extensions = std::span(elements).first(extensions);
  emit_rtp(now, fields, packet.payload);
}

void MediaSession::Impl::emit_rtp(nanoseconds now, const packet::RtpFields& fields,
                                  packet::Bytes payload) noexcept {
  packet::RtpFields own = fields;
  own.ssrc = own_ssrc();
  own.sequence = sequence_;
  // There is room for the longest payload and its header: this does not fail.
  const auto bytes = packet::write_rtp(own, payload, datagram_);
  if (!bytes) return;
  if (!outbox_.write(kRtp, now, std::span(datagram_).first(*bytes))) {
    ++counts_.packets_unsent;
    return;
  }
  sent_.sent(sequence_, std::span(datagram_).first(*bytes));
  ++sequence_;
  ++counts_.packets_sent;
  counts_.payload_bytes_sent += payload.size();
  sent_since_report_ = true;
}

std::uint32_t MediaSession::Impl::timestamp_at(nanoseconds now) const noexcept {
  const double since_s = static_cast<double>((now - pushed_until_).count()) * 1e-9;
  return timestamp_ +
         static_cast<std::uint32_t>(static_cast<std::int64_t>(since_s * send_.clock_hz));
}

void MediaSession::Impl::emit_report(nanoseconds now, bool bye) noexcept {
  CompoundFields fields;
  fields.ssrc = own_ssrc();
  fields.cname = options_.cname;
  fields.bye = bye;
  if (sent_since_report_)
    fields.sender =
        SenderInfo{ntp_at(now), timestamp_at(now),
                   static_cast<std::uint32_t>(counts_.packets_sent - packets_before_),
                   static_cast<std::uint32_t>(counts_.payload_bytes_sent - payload_bytes_before_)};
  if (reception_ && !remote_left_) fields.block = reception_->report(now);
  const std::size_t bytes = write_compound(fields, report_);
  const auto report = std::span<const std::uint8_t>(report_).first(bytes);
  if (outbox_.write(kRtcp, now, report)) ++counts_.reports_sent;
  sent_.sent_report(report);
  sent_since_report_ = false;
  schedule_.took(bytes + kNetworkBytes);
  schedule_.sent(now, 2);
}

}  // namespace syrinx::call
