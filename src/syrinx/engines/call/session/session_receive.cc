// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "syrinx/engines/call/session/media_session_impl.h"
#include "syrinx/engines/call/session/rtp_check.h"

// What comes from the network: packets to the jitter buffer, events, reports.
namespace syrinx::call {
namespace {

using std::chrono::nanoseconds;

constexpr nanoseconds kStragglers = std::chrono::milliseconds(500);  // Of a source that was left.
constexpr std::size_t kNetworkBytes = 28;                            // IPv4 and UDP.

}  // namespace

void MediaSession::Impl::take_in(nanoseconds now) noexcept {
  DatagramRing::Head head;
  while (inbox_.read(head, datagram_)) {
    const packet::Bytes datagram(datagram_.data(), head.bytes);
    const nanoseconds arrival = std::min(nanoseconds(head.time_ns), now);
    if (!active_) continue;
    if (packet::looks_like_rtcp(datagram)) {
      take_rtcp(datagram, arrival);
    } else {
      take_rtp(datagram, arrival);
    }
  }
  if (!event_receiver_ || !event_receiver_->active()) return;
  const double late_s = static_cast<double>((now - last_packet_).count()) * 1e-9;
  const auto ticks = static_cast<std::uint32_t>(std::max(0.0, late_s) * heard_.clock_hz);
  if (const auto report = event_receiver_->expire(last_timestamp_ + ticks))
    tell_digit(*report, now);
}

void MediaSession::Impl::take_rtp(packet::Bytes datagram, nanoseconds arrival) noexcept {
  if (!rtp_is_whole(datagram)) {
    ++counts_.datagrams_broken;
    return;
  }
  const auto parsed = packet::parse_rtp(datagram);
  if (!parsed) return;
  const packet::RtpView& view = *parsed;
  if (view.ssrc == own_ssrc() &&
      !resolve_conflict(sent_.has(view.sequence, datagram), datagram, arrival))
    return;
  ++counts_.packets_received;
  take_source(view, arrival);
  if (is_event(view.payload_type)) {
    take_event(view, arrival);
  } else {
    take_levels(view);
    last_timestamp_ = view.timestamp;
  }
  last_packet_ = arrival;
  if (!may_receive()) return;
  buffer_.put(view, arrival);
  if (silent_) tell(SessionEvent::Kind::kAudible, arrival);
  silent_ = false;
}

// Keeps the reception of the source that speaks; another one takes over.
void MediaSession::Impl::take_source(const packet::RtpView& packet, nanoseconds arrival) noexcept {
  const bool straggler =
      has_former_source_ && packet.ssrc == former_source_ && arrival - last_packet_ < kStragglers;
  if (reception_ && packet.ssrc != source_) {
    if (straggler) return;
    past_expected_ += reception_->expected();
    past_lost_ += reception_->lost();
    former_source_ = source_;
    has_former_source_ = true;
    reception_.reset();
    if (event_receiver_) event_receiver_.emplace(heard_.clock_hz);
    tell(SessionEvent::Kind::kSourceChanged, arrival);
  }
  note_codec(packet.payload_type);
  if (!reception_) reception_.emplace(packet.ssrc, static_cast<std::uint32_t>(heard_.clock_hz), 0);
  reception_->set_clock_rate(static_cast<std::uint32_t>(heard_.clock_hz));
  source_ = packet.ssrc;
  // The time of an event's packet is that of its beginning, which would count as jitter.
  const bool event = is_event(packet.payload_type);
  reception_->take(packet.sequence, event ? last_timestamp_ : packet.timestamp, arrival);
}

// How loud the sound is, who is in it and how loud they are.
void MediaSession::Impl::take_levels(const packet::RtpView& packet) noexcept {
  if (options_.audio_level_id != 0) {
    const auto element = packet::find_extension(packet, options_.audio_level_id);
    const auto level = element ? packet::parse_audio_level(element->data) : std::nullopt;
    if (level) counts_.remote_level_dbov = level->level_dbov;
  }
  counts_.contributors.clear();
  const auto element = options_.mixer_level_id != 0
                           ? packet::find_extension(packet, options_.mixer_level_id)
                           : std::nullopt;
  const auto levels = element ? packet::mixer_audio_levels(element->data)
                              : std::array<packet::AudioLevel, Contributors::kMost>{};
  for (std::size_t i = 0; i < packet.csrc_count; ++i) {
    Contributor one{packet.csrcs[i], std::nullopt};
    if (element && i < element->data.size()) one.level_dbov = levels[i].level_dbov;
    counts_.contributors.add(one);
  }
}

// Which codec comes; of events and noise it stays what it was.
void MediaSession::Impl::note_codec(std::uint8_t payload_type) noexcept {
  if (heard_.payload_type == payload_type) return;
  const auto at = std::find_if(received_.begin(), received_.end(), [&](const ReceivedCodec& codec) {
    return codec.payload_type == payload_type;
  });
  if (at == received_.end()) return;
  if (event_receiver_ && at->clock_hz != heard_.clock_hz) event_receiver_.emplace(at->clock_hz);
  heard_ = *at;
}

void MediaSession::Impl::take_event(const packet::RtpView& packet, nanoseconds arrival) noexcept {
  if (packet.payload.size() < codec::kEventBytes || !event_receiver_) return;
  const auto event = codec::parse_telephone_event(packet.payload.first(codec::kEventBytes));
  if (!event) return;
  const auto reports = event_receiver_->receive(*event, packet.timestamp);
  for (std::size_t i = 0; i < reports.count; ++i) tell_digit(reports.list[i], arrival);
  last_timestamp_ = packet.timestamp + event->duration_ticks;
}

void MediaSession::Impl::tell_digit(const codec::EventReport& report, nanoseconds now) noexcept {
  SessionEvent event;
  event.kind = report.kind == codec::EventReport::Kind::kStarted
                   ? SessionEvent::Kind::kDigitPressed
                   : SessionEvent::Kind::kDigitReleased;
  event.event = report.event;
  event.digit = codec::digit_of_event(report.event);
  event.duration_ms = 1e3 * report.duration_ticks / heard_.clock_hz;
  tell(event, now);
}

void MediaSession::Impl::take_rtcp(packet::Bytes datagram, nanoseconds arrival) noexcept {
  auto view = read_compound(datagram, own_ssrc());
  if (!view) {
    ++counts_.datagrams_broken;
    return;
  }
  if (view->ssrc == own_ssrc()) {
    if (!resolve_conflict(sent_.has_report(datagram), datagram, arrival)) return;
    view->about.reset();  // Of whom of the two, nobody knows.
  }
  ++counts_.reports_received;
  schedule_.took(datagram.size() + kNetworkBytes);
  if (view->sender && reception_ && view->ssrc == source_)
    reception_->sender_report(view->sender->ntp_time, arrival);
  if (view->about) take_report(*view->about, arrival);
  // Who says BYE of the SSRC that was ours too goes on under another.
  const bool left = view->bye && !was_ours(view->ssrc, arrival);
  if (left && !remote_left_) tell(SessionEvent::Kind::kRemoteLeft, arrival);
  remote_left_ = left;
}

void MediaSession::Impl::take_report(const packet::ReportBlock& block,
                                     nanoseconds arrival) noexcept {
  counts_.remote_loss_percent = 100.0 * block.fraction_lost / 256.0;
  counts_.remote_jitter_ms = 1e3 * block.jitter_ticks / send_.clock_hz;
  if (const auto seconds = packet::round_trip_s(block, ntp_at(arrival)))
    counts_.round_trip_ms = *seconds * 1e3;
  const auto plan = adaptation_.take(*counts_.remote_loss_percent, arrival);
  if (plan && send_.encoder) adapt_to(*plan, arrival);
}

void MediaSession::Impl::adapt_to(const SendPlan& plan, nanoseconds now) noexcept {
  if (plan.fallback != on_fallback_ && waiting_.encoder) {
    std::swap(send_, waiting_);
    on_fallback_ = plan.fallback;
    spurt_ = true;
    send_.encoder->reset();
    if (send_.clock_hz != waiting_.clock_hz) digits_.set_clock(send_.clock_hz);
  }
  send_.encoder->adapt(plan.codec);
  if (plan.packet_ms > 0) send_.encoder->set_packet_ms(plan.packet_ms);
  tell_adapted(plan.codec, now);
}

void MediaSession::Impl::watch_silence(nanoseconds now) noexcept {
  if (silent_ || !may_receive()) return;
  if (now - last_packet_ < std::chrono::milliseconds(options_.silence_ms)) return;
  silent_ = true;
  tell(SessionEvent::Kind::kSilent, now);
}

}  // namespace syrinx::call
