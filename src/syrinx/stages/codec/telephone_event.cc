// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/codec/telephone_event.h"

#include <algorithm>
#include <string_view>

namespace syrinx::codec {
namespace {

constexpr std::string_view kDigits = "0123456789*#ABCD";
constexpr int kEndPackets = 3;
constexpr std::uint32_t kLongestSegment = 0xFFFF;

// How much later a is than b, with wrapping: negative when it is earlier.
std::int32_t later_by(std::uint32_t a, std::uint32_t b) noexcept {
  return static_cast<std::int32_t>(a - b);
}

}  // namespace

std::optional<std::uint8_t> event_of_digit(char digit) noexcept {
  const char upper = digit >= 'a' && digit <= 'd' ? static_cast<char>(digit - 32) : digit;
  const auto at = kDigits.find(upper);
  if (at == std::string_view::npos) return std::nullopt;
  return static_cast<std::uint8_t>(at);
}

char digit_of_event(std::uint8_t event) noexcept {
  return event < kDigits.size() ? kDigits[event] : '\0';
}

Result<TelephoneEvent> parse_telephone_event(std::span<const std::uint8_t> payload) {
  if (payload.empty() || payload.size() % kEventBytes != 0)
    return make_error(ErrorCode::kCorruptData, "a telephone event of ", payload.size(),
                      " bytes; RFC 4733 has four");
  TelephoneEvent event;
  event.event = payload[0];
  event.end = (payload[1] & 0x80U) != 0;
  event.volume_dbm0 = -static_cast<int>(payload[1] & 0x3FU);
  event.duration_ticks = static_cast<std::uint16_t>((unsigned{payload[2]} << 8) | payload[3]);
  return event;
}

std::array<std::uint8_t, kEventBytes> telephone_event_bytes(const TelephoneEvent& event) noexcept {
  const auto volume = static_cast<unsigned>(std::clamp(-event.volume_dbm0, 0, 63));
  return {event.event, static_cast<std::uint8_t>(volume | (event.end ? 0x80U : 0U)),
          static_cast<std::uint8_t>(event.duration_ticks >> 8),
          static_cast<std::uint8_t>(event.duration_ticks & 0xFFU)};
}

void EventSender::press(std::uint8_t event, int volume_dbm0, std::uint32_t timestamp) noexcept {
  event_ = {event, false, volume_dbm0, 0};
  start_ = timestamp;
  held_ = first_ = true;
  ends_left_ = 0;
}

void EventSender::release(std::uint32_t timestamp) noexcept {
  if (!held_) return;
  released_ = timestamp;
  held_ = false;
  ends_left_ = kEndPackets;
}

std::optional<EventPacket> EventSender::next(std::uint32_t timestamp) noexcept {
  if (!active()) return std::nullopt;
  std::uint32_t duration = (held_ ? timestamp : released_) - start_;
  if (later_by(held_ ? timestamp : released_, start_) < 0) duration = 0;
  EventPacket packet;
  packet.timestamp = start_;
  packet.marker = first_;
  event_.end = !held_ && duration <= kLongestSegment;
  event_.duration_ticks = static_cast<std::uint16_t>(std::min(duration, kLongestSegment));
  packet.payload = telephone_event_bytes(event_);
  first_ = false;
  if (duration >= kLongestSegment && !event_.end) {
    start_ += kLongestSegment;  // RFC 4733, 2.5.1.3: the next segment begins where this one ends.
  } else if (!held_) {
    --ends_left_;
  }
  return packet;
}

EventReceiver::Reports EventReceiver::receive(const TelephoneEvent& event,
                                              std::uint32_t timestamp) noexcept {
  Reports reports;
  const auto report = [&](EventReport::Kind kind) {
    reports.list[reports.count++] = {kind, event_, volume_dbm0_, first_, duration_};
  };
  if (any_ && !active_ && later_by(timestamp, segment_) <= 0) return reports;  // Told already.
  if (active_ && later_by(timestamp, segment_) < 0) return reports;            // Late.
  const bool goes_on = active_ && event.event == event_ &&
                       (timestamp == segment_ || timestamp == segment_ + kLongestSegment);
  if (active_ && !goes_on) {
    report(EventReport::Kind::kEnded);  // Its end was lost.
    active_ = false;
  }
  const bool starts = !active_;
  if (starts) {
    first_ = timestamp;
    event_ = event.event;
    volume_dbm0_ = event.volume_dbm0;
    duration_ = 0;
  }
  active_ = any_ = true;
  segment_ = timestamp;
  duration_ = std::max(duration_, timestamp - first_ + event.duration_ticks);
  if (starts) report(EventReport::Kind::kStarted);
  if (event.end) {
    report(EventReport::Kind::kEnded);
    active_ = false;
  }
  return reports;
}

std::optional<EventReport> EventReceiver::expire(std::uint32_t now) noexcept {
  const auto patience = static_cast<std::int32_t>(clock_rate_hz_ / 10);
  if (!active_ || later_by(now, first_ + duration_) < patience) return std::nullopt;
  active_ = false;
  return EventReport{EventReport::Kind::kEnded, event_, volume_dbm0_, first_, duration_};
}

}  // namespace syrinx::codec
