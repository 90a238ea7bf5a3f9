// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/call/session/media_session.h"

#include <algorithm>

#include "syrinx/engines/call/session/call_quality.h"
#include "syrinx/engines/call/session/media_session_impl.h"

namespace syrinx::call {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

constexpr nanoseconds kBlock = milliseconds(10);
constexpr nanoseconds kPublishEvery = std::chrono::seconds(1);
constexpr std::size_t kMaxFormatsTaken = 16;

}  // namespace

const char* name_of(SessionEvent::Kind kind) noexcept {
  switch (kind) {
    case SessionEvent::Kind::kStarted:
      return "started";
    case SessionEvent::Kind::kDirection:
      return "direction";
    case SessionEvent::Kind::kCodecSwitched:
      return "codec-switched";
    case SessionEvent::Kind::kStopped:
      return "stopped";
    case SessionEvent::Kind::kDigitPressed:
      return "digit-pressed";
    case SessionEvent::Kind::kDigitReleased:
      return "digit-released";
    case SessionEvent::Kind::kSourceChanged:
      return "source-changed";
    case SessionEvent::Kind::kOwnSourceChanged:
      return "own-source-changed";
    case SessionEvent::Kind::kLooped:
      return "looped";
    case SessionEvent::Kind::kRemoteLeft:
      return "remote-left";
    case SessionEvent::Kind::kSilent:
      return "silent";
    case SessionEvent::Kind::kAudible:
      return "audible";
    case SessionEvent::Kind::kAdapted:
      return "adapted";
  }
  return "";
}

MediaSession::Impl::Impl(const SessionOptions& options, packet::JitterBuffer buffer,
                         LossAdaptation adaptation)
    : options_(options),
      inbox_(options.ring_bytes),
      outbox_(options.ring_bytes),
      direction_(options.direction),
      datagram_(kMaxDatagram),
      random_(options.seed),
      schedule_(options.session_bandwidth_bps, options.seed ^ 0x52544350),
      adaptation_(std::move(adaptation)),
      buffer_(std::move(buffer)) {
  ssrc_ = options.ssrc != 0 ? options.ssrc : static_cast<std::uint32_t>(random_.next() >> 32);
  sequence_ = static_cast<std::uint16_t>(random_.next());
  timestamp_ = static_cast<std::uint32_t>(random_.next());
  decoders_.reserve(kMaxFormatsTaken);
  received_.reserve(kMaxFormatsTaken);
  formats_.reserve(kMaxFormatsTaken);
}

MediaSession::Impl::~Impl() {
  SessionCommand command;
  while (commands_.read(std::span(&command, 1)) > 0) delete command.parts;
  CodecParts* parts = nullptr;
  while (retired_.read(std::span(&parts, 1)) > 0) delete parts;
}

void MediaSession::Impl::tell(SessionEvent event, nanoseconds now) noexcept {
  event.time = now;
  if (events_.write(std::span(&event, 1)) == 0) ++counts_.events_dropped;
}

void MediaSession::Impl::tell(SessionEvent::Kind kind, nanoseconds now) noexcept {
  SessionEvent event;
  event.kind = kind;
  event.direction = direction_;
  tell(event, now);
}

std::uint64_t MediaSession::Impl::ntp_at(nanoseconds now) const noexcept {
  const auto ns = static_cast<std::uint64_t>(std::max<std::int64_t>(now.count(), 0));
  const std::uint64_t seconds = ns / 1'000'000'000;
  const std::uint64_t rest = ns % 1'000'000'000;
  return options_.ntp_at_zero + (seconds << 32) + (rest << 32) / 1'000'000'000;
}

void MediaSession::Impl::obey(nanoseconds now) noexcept {
  SessionCommand command;
  while (commands_.read(std::span(&command, 1)) > 0) obey(command, now);
}

void MediaSession::Impl::obey(const SessionCommand& command, nanoseconds now) noexcept {
  switch (command.kind) {
    case SessionCommand::Kind::kStart:
      if (active_ || stopped_) return;
      active_ = true;
      last_packet_ = now;
      schedule_.start(now);
      return tell(SessionEvent::Kind::kStarted, now);
    case SessionCommand::Kind::kDirection:
      return change_direction(command.direction, now);
    case SessionCommand::Kind::kStop:
      if (stopped_) return;
      if (active_) emit_report(now, true);
      active_ = false;
      stopped_ = true;
      publish(now);
      return tell(SessionEvent::Kind::kStopped, now);
    case SessionCommand::Kind::kSwitch: {
      take_parts(*command.parts);
      CodecParts* parts = command.parts;
      retired_.write(std::span(&parts, 1));  // As long a queue as that of the commands.
      return tell(SessionEvent::Kind::kCodecSwitched, now);
    }
    case SessionCommand::Kind::kAdapt:
      if (send_.encoder) send_.encoder->adapt(command.adaptation);
      return tell_adapted(command.adaptation, now);
  }
}

void MediaSession::Impl::tell_adapted(const codec::Adaptation& adaptation,
                                      nanoseconds now) noexcept {
  SessionEvent event;
  event.kind = SessionEvent::Kind::kAdapted;
  event.adaptation = adaptation;
  event.packet_ms = adaptation_.current().packet_ms;
  event.fallback = on_fallback_;
  tell(event, now);
}

void MediaSession::Impl::change_direction(Direction direction, nanoseconds now) noexcept {
  if (direction == direction_) return;
  const bool received = may_receive();
  const bool sent = may_send();
  direction_ = direction;
  if (!received && may_receive()) {
    buffer_.reset();
    last_packet_ = now;
    silent_ = false;
  }
  if (!sent && may_send()) resumed_ = true;
  tell(SessionEvent::Kind::kDirection, now);
}

// What is added here has been checked when it was made.
void MediaSession::Impl::take_format(CodecParts::Format& format) noexcept {
  std::erase_if(received_, [&](const ReceivedCodec& codec) {
    return codec.payload_type == format.codec.payload_type;
  });
  if (received_.size() < kMaxFormatsTaken) received_.push_back(format.codec);
  if (format.decoder == nullptr) return;
  static_cast<void>(buffer_.add_decoder(format.codec.payload_type, *format.decoder));
  decoders_.push_back(std::move(format.decoder));
}

void MediaSession::Impl::take_parts(CodecParts& parts) noexcept {
  const bool same_clock = pushed_ && parts.send.clock_hz == send_.clock_hz;
  std::swap(send_, parts.send);
  std::swap(waiting_, parts.fallback);
  on_fallback_ = false;
  spurt_ = true;
  if (!same_clock) digits_.set_clock(send_.clock_hz);
  adaptation_.begin(parts.scope);
  if (adaptation_.has_decided() && parts.scope.codec)
    send_.encoder->adapt(adaptation_.current().codec);
  take_format(parts.receive);
  if (parts.receive_fallback) take_format(*parts.receive_fallback);
  heard_ = parts.receive.codec;
  if (parts.receive_noise) static_cast<void>(buffer_.add_comfort_noise(*parts.receive_noise));
  receive_events_ = parts.receive_events;
  for (const auto& type : receive_events_)
    if (type) static_cast<void>(buffer_.add_ignored(*type));
  if (receive_events_[0] || receive_events_[1]) event_receiver_.emplace(heard_.clock_hz);
}

void MediaSession::Impl::publish(nanoseconds now) noexcept {
  published_ = now;
  counts_.time = now;
  latest_.publish(numbers());
}

void MediaSession::Impl::service(nanoseconds now) noexcept {
  obey(now);
  take_in(now);
  watch_silence(now);
  if (active_ && schedule_.due(now)) emit_report(now, false);
  if (active_ && now - kPublishEvery >= published_) publish(now);
  next_service_ = active_ ? schedule_.next() : nanoseconds::max();
}

Heard MediaSession::Impl::pull(nanoseconds now, std::span<float> out) noexcept {
  const std::size_t block = buffer_.block_frames();
  SYRINX_CHECK(!out.empty() && out.size() % block == 0, "a session gives whole blocks of 10 ms");
  service(now);
  Heard heard;
  if (!may_receive()) {
    std::fill(out.begin(), out.end(), 0.0f);
    return heard;
  }
  const std::size_t blocks = out.size() / block;
  for (std::size_t i = 0; i < blocks; ++i) {
    const auto time = now - kBlock * static_cast<std::int64_t>(blocks - 1 - i);
    heard.kind = buffer_.get(time, out.subspan(i * block, block));
    heard.audible = heard.audible || heard.kind != packet::PlayKind::kNothingYet;
  }
  return heard;
}

SessionStatistics MediaSession::Impl::numbers() const noexcept {
  SessionStatistics out = counts_;
  out.datagrams_dropped = datagrams_dropped_.load(std::memory_order_relaxed);
  out.buffer = buffer_.statistics();
  if (send_.encoder) out.packet_ms = send_.encoder->packet_ms();
  out.expected = past_expected_ + (reception_ ? reception_->expected() : 0);
  out.lost = past_lost_ + (reception_ ? reception_->lost() : 0);
  if (reception_ && reception_->received() > 1) out.jitter_ms = reception_->jitter_s() * 1e3;
  const auto& buffer = out.buffer;
  if (out.expected > 0) {
    const double missing = static_cast<double>(out.lost) +
                           static_cast<double>(buffer.packets_late) -
                           static_cast<double>(buffer.packets_recovered);
    out.loss_percent = std::clamp(100.0 * missing / static_cast<double>(out.expected), 0.0, 100.0);
    // The mean run of losses, over what it would be of the same loss at random.
    const auto runs = static_cast<double>(std::max<std::uint64_t>(buffer.conceal_events, 1));
    out.burst_ratio = std::max(1.0, missing / runs * (1.0 - *out.loss_percent / 100.0));
  }
  if (out.round_trip_ms && send_.encoder && buffer.mean_delay_ms > 0.0)
    out.mouth_to_ear_ms =
        *out.round_trip_ms / 2.0 + out.packet_ms + heard_.delay_ms + buffer.mean_delay_ms;
  if (out.loss_percent)
    out.quality =
        estimate_quality(heard_.name, *out.loss_percent, out.burst_ratio, out.mouth_to_ear_ms);
  return out;
}

MediaSession::MediaSession(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
MediaSession::~MediaSession() = default;

int MediaSession::sample_rate_hz() const noexcept { return impl_->options_.sample_rate_hz; }
std::size_t MediaSession::block_frames() const noexcept {
  return static_cast<std::size_t>(impl_->options_.sample_rate_hz) / 100;
}
std::uint32_t MediaSession::ssrc() const noexcept { return impl_->own_ssrc(); }
const SessionOptions& MediaSession::options() const noexcept { return impl_->options_; }

bool MediaSession::receive(std::span<const std::uint8_t> datagram, nanoseconds arrival) noexcept {
  if (datagram.size() <= kMaxDatagram && impl_->inbox_.write(0, arrival, datagram)) return true;
  impl_->datagrams_dropped_.fetch_add(1, std::memory_order_relaxed);
  return false;
}

OutgoingDatagram MediaSession::take(std::span<std::uint8_t> out) noexcept {
  DatagramRing::Head head;
  if (!impl_->outbox_.read(head, out)) return {};
  return {head.bytes, head.kind != 0};
}

void MediaSession::service(nanoseconds now) noexcept { impl_->service(now); }
nanoseconds MediaSession::next_service() const noexcept { return impl_->next_service_; }
Heard MediaSession::pull(nanoseconds now, std::span<float> out) noexcept {
  return impl_->pull(now, out);
}
void MediaSession::push(nanoseconds now, std::span<const float> in) noexcept {
  impl_->push(now, in);
}
void MediaSession::push_packet(nanoseconds now, const EncodedPacket& packet) noexcept {
  impl_->push_packet(now, packet);
}
const SendKey& MediaSession::send_key() const noexcept { return impl_->send_.encoder->key(); }
void MediaSession::reset_encoder() noexcept { impl_->send_.encoder->reset(); }
void MediaSession::contribute(const Contributors& contributors) noexcept {
  impl_->contributors_ = contributors;
}
const Contributors& MediaSession::contributors() const noexcept { return impl_->heard_of(); }
std::uint32_t MediaSession::remote_ssrc() const noexcept { return impl_->remote_ssrc(); }
bool MediaSession::may_send() const noexcept { return impl_->may_send(); }
bool MediaSession::may_receive() const noexcept { return impl_->may_receive(); }
SessionStatistics MediaSession::current_statistics() const noexcept { return impl_->numbers(); }
void MediaSession::wake_by(std::atomic<std::int64_t>* wanted_at_ns) noexcept {
  impl_->waker_.store(wanted_at_ns, std::memory_order_release);
}

}  // namespace syrinx::call
