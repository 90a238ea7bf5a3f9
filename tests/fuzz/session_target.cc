// SPDX-License-Identifier: Apache-2.0
#include "fuzz/session_target.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <vector>

#include "syrinx/engines/call/payload_adapters.h"
#include "syrinx/engines/call/session/media_session.h"
#include "syrinx/stages/packet/rtcp.h"
#include "syrinx/stages/packet/rtp.h"

namespace syrinx::fuzz {
namespace {

using call::MediaSession;
using call::SessionEvent;
using packet::Bytes;
using std::chrono::milliseconds;

constexpr std::size_t kStepBytes = 8;
constexpr std::size_t kMaxSteps = 200;
constexpr std::uint8_t kEvents = 101;
constexpr std::uint8_t kFallbackEvents = 102;
constexpr std::uint8_t kNoise = 13;
constexpr std::array<const char*, 4> kCodecs = {"pcmu", "g722", "opus", "l16"};

codec::Agreement agreement_on(std::size_t codec) {
  codec::Agreement agreement;
  agreement.send = call::payload_format_of(kCodecs[codec % kCodecs.size()]).value();
  agreement.receive = agreement.send;
  agreement.events =
      codec::PayloadFormat{kEvents, "telephone-event", agreement.send.clock_rate_hz, 1, {}};
  agreement.comfort_noise = codec::PayloadFormat{kNoise, "CN", 8'000, 1, {}};
  return agreement;
}

void add_fallback(codec::Agreement& agreement, std::size_t codec) {
  agreement.send_fallback = call::fallback_format_of(kCodecs[codec % kCodecs.size()]).value();
  agreement.receive_fallback = agreement.send_fallback;
  agreement.fallback_events = codec::PayloadFormat{
      kFallbackEvents, "telephone-event", agreement.send_fallback->clock_rate_hz, 1, {}};
}

call::SessionOptions options_of(std::uint8_t choice) {
  call::SessionOptions options;
  options.agreement = agreement_on(choice);
  if ((choice & 128) != 0) add_fallback(options.agreement, choice + 2U);
  options.sample_rate_hz = (choice & 16) != 0 ? 16'000 : 8'000;
  options.audio_level_id = (choice & 32) != 0 ? 1 : 0;
  options.mixer_level_id = (choice & 32) != 0 ? 2 : 0;
  options.max_packets = 16;
  options.max_delay_ms = 300;
  options.silence_ms = 200;
  options.seed = choice;
  options.adaptation.strategy =
      (choice & 64) != 0 ? call::AdaptationStrategy::kSaveNetwork : call::AdaptationStrategy::kNone;
  options.session_bandwidth_bps = 1e9;
  return options;
}

class Play {
 public:
  explicit Play(std::uint8_t choice)
      : session_(MediaSession::create(options_of(choice)).value()),
        out_(MediaSession::kMaxDatagram),
        sound_(session_->block_frames()) {}

  SessionOutcome run(Bytes script) {
    if (!session_->start()) return {0, 0, 0, "a session that does not start"};
    for (std::size_t i = 0; i < kMaxSteps && script.size() >= kStepBytes && ok(); ++i) {
      const Bytes step = script.first(kStepBytes);
      script = script.subspan(kStepBytes);
      take(step, script);
      for (int ticks = step[7] % 8; ticks > 0 && ok(); --ticks) tick();
    }
    if (ok()) check_numbers();
    return outcome_;
  }

 private:
  bool ok() const noexcept { return outcome_.broken.empty(); }
  void require(bool kept, const char* promise) {
    if (!kept && ok()) outcome_.broken = promise;
  }

  std::uint32_t ssrc_of(std::uint8_t choice) const noexcept {
    switch (choice % 8) {
      case 0:
        return session_->ssrc();
      case 1:
        return 7;
      default:
        return 9;
    }
  }

  void take(Bytes step, Bytes& rest) {
    switch (step[0] % 16) {
      case 12:
        return report(step);
      case 13:
        return control(step);
      case 14:
        return anything(step, rest);
      case 15:
        return again();
      default:
        return sound(step, rest);
    }
  }

  // A packet whose sequence number and timestamp lie near those of the one before.
  void sound(Bytes step, Bytes& rest) {
    const bool jump = step[1] == 77;
    sequence_ = static_cast<std::uint16_t>(sequence_ + static_cast<std::int8_t>(step[1]) / 16 +
                                           (jump ? 30'000 : 0));
    timestamp_ += step[2] == 99 ? 0x7FFFFFF0u : std::uint32_t{step[2]} * 8;
    packet::RtpFields fields;
    fields.sequence = sequence_;
    fields.timestamp = timestamp_;
    fields.ssrc = ssrc_of(static_cast<std::uint8_t>(step[3] + 2));
    fields.marker = (step[3] & 128) != 0;
    const auto& format = session_->options().agreement.receive;
    fields.payload_type = static_cast<std::uint8_t>(format.payload_type);
    std::vector<std::uint8_t> payload(std::size_t{step[4]} * 2, step[5]);
    if (step[0] % 16 == 9) payload = {step[4], step[5], step[6], step[1]};
    if (step[0] % 16 == 9) fields.payload_type = kEvents;
    if (step[0] % 16 == 10) fields.payload_type = kNoise;
    if (step[0] % 16 == 11) fields.payload_type = step[6] & 127;
    if (step[0] % 16 == 8) {  // Bytes of its own.
      const Bytes own = rest.first(std::min<std::size_t>(step[4], rest.size()));
      rest = rest.subspan(own.size());
      payload.assign(own.begin(), own.end());
    }
    std::vector<std::uint8_t> datagram(payload.size() + 64);
    const auto bytes = packet::write_rtp(fields, payload, datagram);
    if (!bytes) return;
    datagram.resize(*bytes);
    hand_in(std::move(datagram));
  }

  void report(Bytes step) {
    const std::uint32_t ssrc = ssrc_of(step[1]);
    packet::ReportBlock about;
    about.ssrc = (step[2] & 1) != 0 ? session_->ssrc() : 9;
    about.fraction_lost = step[3];
    about.cumulative_lost = static_cast<std::int8_t>(step[4]) * 60'000;
    about.jitter_ticks = std::uint32_t{step[5]} << 20;
    about.last_sender_report = std::uint32_t{step[6]} << 24;
    about.delay_since_sender_report = std::uint32_t{step[5]} << 16;
    packet::SenderReport sender;
    sender.ssrc = ssrc;
    sender.ntp_time = std::uint64_t{step[6]} << 56;
    sender.blocks.push_back(about);
    packet::ReceiverReport receiver;
    receiver.ssrc = ssrc;
    receiver.blocks.push_back(about);
    const packet::SourceDescription name{{{ssrc, {{packet::SourceItemKind::kCname, "x"}}}}};
    std::vector<packet::RtcpPacket> all;
    if ((step[2] & 2) != 0) all.emplace_back(sender);
    if ((step[2] & 2) == 0) all.emplace_back(receiver);
    all.emplace_back(name);
    if ((step[2] & 4) != 0) all.emplace_back(packet::Bye{{ssrc}, "gone"});
    if (auto bytes = packet::write_rtcp(all)) hand_in(std::move(*bytes));
  }

  void control(Bytes step) {
    switch (step[1] % 6) {
      case 0:
        return static_cast<void>(session_->hold());
      case 1:
        return static_cast<void>(session_->resume());
      case 2:
        return static_cast<void>(session_->send_digits("1#", 40 + step[2], 40 + step[3]));
      case 3:
        return static_cast<void>(session_->switch_codec(agreement_on(step[2])));
      case 4:
        return static_cast<void>(
            session_->adapt({6'000 + 100 * step[2], step[3] % 100, step[4] % 2 == 0}));
      default:
        return static_cast<void>(
            session_->set_direction(static_cast<call::Direction>(step[2] % 4)));
    }
  }

  void anything(Bytes step, Bytes& rest) {
    const Bytes own = rest.first(std::min<std::size_t>(step[4], rest.size()));
    rest = rest.subspan(own.size());
    hand_in({own.begin(), own.end()});
  }

  // What came last, or what the session itself sent.
  void again() { hand_in(sent_.empty() ? given_ : sent_); }

  void hand_in(std::vector<std::uint8_t> datagram) {
    handed_in_ += session_->receive(datagram, now_) ? 1 : 0;
    given_ = std::move(datagram);
  }

  void tick() {
    now_ += milliseconds(10);
    session_->pull(now_, sound_);
    for (float& sample : sound_) {
      require(std::abs(sample) <= 2.0f, "a sample far beyond full scale");  // NaN is, too.
      sample = 0.1f;
    }
    session_->push(now_, sound_);
    while (const std::size_t size = session_->take(out_).bytes) check_sent(Bytes(out_).first(size));
    SessionEvent event;
    while (session_->next_event(event)) check(event);
  }

  void check_sent(Bytes datagram) {
    sent_.assign(datagram.begin(), datagram.end());
    if (packet::looks_like_rtcp(datagram)) {
      require(packet::parse_rtcp(datagram).has_value(), "a report that cannot be read");
      return;
    }
    const auto view = packet::parse_rtp(datagram);
    require(view.has_value(), "a packet that cannot be read");
    if (view) require(view->ssrc == session_->ssrc(), "a packet of another's SSRC");
  }

  void check(const SessionEvent& event) {
    const bool pressed = event.kind == SessionEvent::Kind::kDigitPressed;
    if (pressed) require(!key_down_, "a digit that is pressed twice");
    if (event.kind == SessionEvent::Kind::kDigitReleased) {
      require(key_down_, "a digit that is released without having been pressed");
      require(std::isfinite(event.duration_ms) && event.duration_ms >= 0.0, "a digit of no time");
    }
    if (pressed) key_down_ = true;
    // Another source's digits begin anew, as do those after a change of codec.
    if (event.kind == SessionEvent::Kind::kDigitReleased ||
        event.kind == SessionEvent::Kind::kSourceChanged ||
        event.kind == SessionEvent::Kind::kCodecSwitched)
      key_down_ = false;
  }

  void check_numbers() {
    const call::SessionStatistics s = session_->current_statistics();
    outcome_.packets = s.packets_received;
    outcome_.reports = s.reports_received;
    outcome_.refused = s.datagrams_broken + s.datagrams_looped;
    require(s.packets_received + s.reports_received + outcome_.refused <= handed_in_,
            "datagrams that nobody handed in");
    require(!s.loss_percent || (*s.loss_percent >= 0.0 && *s.loss_percent <= 100.0),
            "a loss beyond all or below nothing");
    require(s.burst_ratio >= 1.0 && std::isfinite(s.burst_ratio), "a burst ratio below 1");
    for (const auto& mos : {s.quality.listening_mos, s.quality.conversational_mos})
      require(!mos || (*mos >= 1.0 && *mos <= 4.6), "a score that is none");
    for (const auto& ms : {s.jitter_ms, s.round_trip_ms, s.mouth_to_ear_ms, s.remote_jitter_ms})
      require(!ms || (std::isfinite(*ms) && *ms >= 0.0), "a time that is no number or negative");
    require(s.packet_ms >= 10 && s.packet_ms <= 60, "packets of no length");
    require(s.ssrc_changes <= 1 + static_cast<std::uint64_t>(now_ / std::chrono::seconds(5)),
            "SSRCs that change too often");
    const auto& b = s.buffer;
    // Against the network's quickest packets, of which hostile timestamps make others.
    require(std::isfinite(b.mean_delay_ms) && b.max_delay_ms <= 15'000.0, "a delay of no call");
    const std::uint64_t made = b.frames_decoded + b.frames_recovered + b.frames_concealed +
                               b.frames_background + b.frames_before_first + b.frames_inserted;
    const auto room = static_cast<std::uint64_t>(session_->sample_rate_hz());
    require(
        made >= b.frames_out + b.frames_removed && made <= b.frames_out + b.frames_removed + room,
        "frames that come from nowhere or go missing");
  }

  std::unique_ptr<MediaSession> session_;
  std::vector<std::uint8_t> out_;
  std::vector<float> sound_;
  std::vector<std::uint8_t> given_;
  std::vector<std::uint8_t> sent_;
  milliseconds now_{0};
  std::uint16_t sequence_ = 0;
  std::uint32_t timestamp_ = 0;
  std::uint64_t handed_in_ = 0;
  bool key_down_ = false;
  SessionOutcome outcome_;
};

}  // namespace

SessionOutcome play_to_session(std::span<const std::uint8_t> script) {
  if (script.empty()) return {};
  return Play(script[0]).run(script.subspan(1));
}

}  // namespace syrinx::fuzz
