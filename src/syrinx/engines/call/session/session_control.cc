// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>

#include "syrinx/engines/call/payload_adapters.h"
#include "syrinx/engines/call/session/media_session_impl.h"

// What the controlling thread asks for: checked and made here, done at the next service().
namespace syrinx::call {
namespace {

constexpr std::size_t kMaxFormatsTaken = 16;
// Any but 0, which reports would take for none.
constexpr std::uint64_t kSomeNtpTime = std::uint64_t{3'900'000'000} << 32;
constexpr std::size_t kMinRingBytes = 2'048;
constexpr std::size_t kMaxRingBytes = std::size_t{1} << 20;

Error wrong(std::string_view field, double value, std::string_view expected) {
  return make_error(ErrorCode::kInvalidArgument, "a session's ", field, " of ", value, "; ",
                    expected);
}

Result<void> check(const SessionOptions& options) {
  if (options.cname.empty() || options.cname.size() > 255)
    return wrong("cname", static_cast<double>(options.cname.size()), "1 to 255 bytes can be");
  if (options.audio_level_id > 14)
    return wrong("audio_level_id", options.audio_level_id, "0 (none) or 1 to 14 can be");
  if (options.mixer_level_id > 14)
    return wrong("mixer_level_id", options.mixer_level_id, "0 (none) or 1 to 14 can be");
  if (options.mixer_level_id != 0 && options.mixer_level_id == options.audio_level_id)
    return wrong("mixer_level_id", options.mixer_level_id, "another than audio_level_id can be");
  if (!(options.session_bandwidth_bps > 0.0 && options.session_bandwidth_bps <= 1e9))
    return wrong("session_bandwidth_bps", options.session_bandwidth_bps, "up to 1e9 can be");
  if (options.silence_ms < 100 || options.silence_ms > 3'600'000)
    return wrong("silence_ms", options.silence_ms, "100 to 3600000 can be");
  if (options.ring_bytes < kMinRingBytes || options.ring_bytes > kMaxRingBytes)
    return wrong("ring_bytes", static_cast<double>(options.ring_bytes), "2048 to 1048576 can be");
  return {};
}

// 60 ms of a codec, and never less than the longest packet of Opus.
std::size_t longest_payload_bytes(const codec::PayloadFormat& format) {
  const auto* info = codec::find_codec(format.name, format.clock_rate_hz, format.channels);
  const int bitrate_bps = info != nullptr && info->is_audio ? info->bitrate_bps : 0;
  return std::max<std::size_t>(1'280, static_cast<std::size_t>(bitrate_bps) * 60 / 8'000);
}

Result<std::uint8_t> payload_type_of(const codec::PayloadFormat& format) {
  if (format.payload_type < 0 || format.payload_type > 127)
    return make_error(ErrorCode::kInvalidArgument, format.name, " with the payload type ",
                      format.payload_type, "; it has been given none of 0 to 127");
  return static_cast<std::uint8_t>(format.payload_type);
}

Result<std::optional<std::uint8_t>> optional_type(
    const std::optional<codec::PayloadFormat>& format) {
  if (!format) return std::optional<std::uint8_t>{};
  SYRINX_ASSIGN(const std::uint8_t type, payload_type_of(*format));
  return std::optional<std::uint8_t>{type};
}

}  // namespace

Result<std::unique_ptr<MediaSession>> MediaSession::create(const SessionOptions& options) {
  SYRINX_TRY(check(options));
  SessionOptions own = options;
  if (own.ntp_at_zero == 0) own.ntp_at_zero = kSomeNtpTime;
  const auto& send = own.agreement.send;
  const auto* info = codec::find_codec(send.name, send.clock_rate_hz, send.channels);
  if (own.sample_rate_hz == 0) own.sample_rate_hz = info != nullptr ? info->sample_rate_hz : 8'000;
  packet::JitterBufferOptions buffer;
  buffer.sample_rate_hz = own.sample_rate_hz;
  buffer.strategy = own.delay_strategy;
  buffer.start_delay_ms = own.start_delay_ms;
  buffer.min_delay_ms = own.min_delay_ms;
  buffer.max_delay_ms = own.max_delay_ms;
  buffer.max_packets = own.max_packets;
  buffer.max_payload_bytes = longest_payload_bytes(own.agreement.receive);
  if (own.agreement.receive_fallback)
    buffer.max_payload_bytes =
        std::max(buffer.max_payload_bytes, longest_payload_bytes(*own.agreement.receive_fallback));
  SYRINX_ASSIGN(auto made, packet::JitterBuffer::create(buffer));
  SYRINX_ASSIGN(auto adaptation, LossAdaptation::create(own.adaptation));
  auto impl = std::make_unique<Impl>(own, std::move(made), std::move(adaptation));
  const auto settings = adapted_settings(own.adaptation, own.agreement.send, own.encoder);
  SYRINX_ASSIGN(auto parts, impl->make_parts(own.agreement, settings));
  impl->take_parts(*parts);
  return std::unique_ptr<MediaSession>(new MediaSession(std::move(impl)));
}

// The decoder where there is none of that format yet.
Result<CodecParts::Format> MediaSession::Impl::make_receive(const codec::PayloadFormat& format) {
  CodecParts::Format out;
  SYRINX_ASSIGN(out.codec.payload_type, payload_type_of(format));
  const auto* info = codec::find_codec(format.name, format.clock_rate_hz, format.channels);
  if (info == nullptr)
    return make_error(ErrorCode::kUnsupported, "there is no codec ", format.name);
  out.codec.name = info->name;
  out.codec.delay_ms = info->algorithmic_delay_ms;
  out.codec.clock_hz = info->clock_rate_hz;
  if (std::find(formats_.begin(), formats_.end(), format) != formats_.end()) return out;
  if (decoders_made_ == kMaxFormatsTaken)
    return make_error(ErrorCode::kLimitExceeded, "a session that has taken ", kMaxFormatsTaken,
                      " formats takes no more; begin another");
  SYRINX_ASSIGN(out.decoder, make_packet_decoder(format, options_.sample_rate_hz));
  ++decoders_made_;
  std::erase_if(formats_, [&](const codec::PayloadFormat& known) {
    return known.payload_type == format.payload_type;
  });
  formats_.push_back(format);
  return out;
}

Result<std::unique_ptr<CodecParts>> MediaSession::Impl::make_parts(
    const codec::Agreement& agreement, const codec::EncoderSettings& settings) {
  auto parts = std::make_unique<CodecParts>();
  const AdaptationOptions& adaptation = options_.adaptation;
  const bool adapts = adaptation.strategy != AdaptationStrategy::kNone;
  const auto fallback = adapts ? agreement.send_fallback : std::nullopt;
  const int packet_ms = agreement.send_block_us / 1'000;
  parts->scope = adaptation_scope(adaptation, agreement.send, fallback, packet_ms,
                                  agreement.max_send_block_us / 1'000);
  SYRINX_ASSIGN(parts->receive_events[0], optional_type(agreement.events));
  SYRINX_ASSIGN(parts->receive_events[1], optional_type(agreement.fallback_events));
  const auto make_send = [&](const codec::PayloadFormat& format,
                             const codec::EncoderSettings& own) -> Result<SendParts> {
    SendParts send;
    SYRINX_ASSIGN(auto encoder, SendEncoder::create(format, own, packet_ms, options_.sample_rate_hz,
                                                    parts->scope.max_packet_ms));
    send.encoder.emplace(std::move(encoder));
    SYRINX_ASSIGN(send.type, payload_type_of(format));
    send.clock_hz = send.encoder->info().clock_rate_hz;
    return send;
  };
  SYRINX_ASSIGN(parts->send, make_send(agreement.send, settings));
  parts->send.events = parts->receive_events[0];
  if (fallback) {
    codec::EncoderSettings own = settings;
    own.bitrate_bps = 0;  // What was asked for is of the first codec.
    SYRINX_ASSIGN(parts->fallback,
                  make_send(*fallback, adapted_settings(adaptation, *fallback, own)));
    parts->fallback.events = parts->receive_events[1];
  }
  SYRINX_ASSIGN(parts->receive, make_receive(agreement.receive));
  if (agreement.receive_fallback) {
    SYRINX_ASSIGN(parts->receive_fallback, make_receive(*agreement.receive_fallback));
  }
  SYRINX_ASSIGN(parts->receive_noise, optional_type(agreement.comfort_noise));
  has_events_ = parts->send.events.has_value();
  return parts;
}

Result<void> MediaSession::Impl::ask(const SessionCommand& command) {
  CodecParts* old = nullptr;
  while (retired_.read(std::span(&old, 1)) > 0) delete old;
  if (commands_.write(std::span(&command, 1)) == 0)
    return make_error(ErrorCode::kUnavailable, "a session that has not been ticked for the last ",
                      commands_.capacity(), " commands takes no more; tick it");
  if (auto* waker = waker_.load(std::memory_order_acquire))
    waker->store(std::numeric_limits<std::int64_t>::min(), std::memory_order_release);
  return {};
}

Result<void> MediaSession::Impl::switch_codec(const codec::Agreement& agreement,
                                              const codec::EncoderSettings& settings) {
  SYRINX_ASSIGN(auto parts, make_parts(agreement, settings));
  SessionCommand command;
  command.kind = SessionCommand::Kind::kSwitch;
  command.parts = parts.get();
  SYRINX_TRY(ask(command));
  static_cast<void>(parts.release());
  return {};
}

Result<void> MediaSession::Impl::send_digits(std::string_view digits, int tone_ms, int pause_ms) {
  if (!has_events_)
    return make_error(ErrorCode::kUnsupported, "digits cannot be sent: telephone-event was not ",
                      "agreed on; offer it");
  const auto sane = [](int ms) { return ms >= 40 && ms <= 8'000; };
  if (!sane(tone_ms) || !sane(pause_ms))
    return make_error(ErrorCode::kInvalidArgument, "digits of ", tone_ms, " ms with pauses of ",
                      pause_ms, " ms; 40 to 8000 can be");
  std::vector<DigitSender::Digit> asked;
  for (const char letter : digits) {
    const auto event = codec::event_of_digit(letter);
    if (!event)
      return make_error(ErrorCode::kInvalidArgument, "'", letter,
                        "' is no digit; there are 0 to 9, *, # and A to D");
    asked.push_back(
        {*event, static_cast<std::uint16_t>(tone_ms), static_cast<std::uint16_t>(pause_ms)});
  }
  if (digits_.ask(asked)) return {};
  return make_error(ErrorCode::kUnavailable, digits.size(),
                    " more digits do not fit among those that wait; up to 64 do");
}

Result<void> MediaSession::start() {
  return impl_->ask({SessionCommand::Kind::kStart, {}, {}, {}});
}
Result<void> MediaSession::hold() { return set_direction(Direction::kInactive); }
Result<void> MediaSession::resume() { return set_direction(impl_->options_.direction); }
Result<void> MediaSession::set_direction(Direction direction) {
  return impl_->ask({SessionCommand::Kind::kDirection, direction, {}, {}});
}
Result<void> MediaSession::stop() { return impl_->ask({SessionCommand::Kind::kStop, {}, {}, {}}); }
Result<void> MediaSession::switch_codec(const codec::Agreement& agreement,
                                        const codec::EncoderSettings& settings) {
  return impl_->switch_codec(agreement, settings);
}
Result<void> MediaSession::adapt(const codec::Adaptation& adaptation) {
  return impl_->ask({SessionCommand::Kind::kAdapt, {}, adaptation, {}});
}
Result<void> MediaSession::send_digits(std::string_view digits, int tone_ms, int pause_ms) {
  return impl_->send_digits(digits, tone_ms, pause_ms);
}
bool MediaSession::next_event(SessionEvent& event) noexcept {
  return impl_->events_.read(std::span(&event, 1)) == 1;
}
SessionStatistics MediaSession::statistics() noexcept { return impl_->latest_.read(); }

}  // namespace syrinx::call
