// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "syrinx/core/base/realtime.h"
#include "syrinx/core/base/result.h"

// Digits and other telephone events as payloads of their own (RFC 4733), at any clock.
namespace syrinx::codec {

inline constexpr std::size_t kEventBytes = 4;

struct TelephoneEvent {
  std::uint8_t event = 0;  // 0-9, 10 *, 11 #, 12-15 A-D, 16 flash; more in RFC 4733 and 4734.
  bool end = false;
  int volume_dbm0 = -10;             // 0 to -63.
  std::uint16_t duration_ticks = 0;  // From the event's beginning, in the RTP clock.
  friend bool operator==(const TelephoneEvent&, const TelephoneEvent&) = default;
};

// "0123456789*#ABCD"; nothing for other characters, and 0 for events that are no digits.
std::optional<std::uint8_t> event_of_digit(char digit) noexcept;
char digit_of_event(std::uint8_t event) noexcept;

// Errors: kCorruptData for other than a whole number of four bytes: a payload may carry several
// (RFC 4733, 2.5.2 forbids it of these, so the first counts). The reserved bit is not looked at.
Result<TelephoneEvent> parse_telephone_event(std::span<const std::uint8_t> payload);
std::array<std::uint8_t, kEventBytes> telephone_event_bytes(const TelephoneEvent& event) noexcept;

// What to put on the wire for one tick of the packet clock.
struct EventPacket {
  std::array<std::uint8_t, kEventBytes> payload = {};
  std::uint32_t timestamp = 0;  // The event's beginning: the same in all its packets.
  bool marker = false;          // Its first packet.
};

// Says when which packets are due for a digit that is pressed and let go: an update each block,
// then the end three times (RFC 4733, 2.5.1.4), and a new segment before the duration overflows.
class EventSender {
 public:
  // Pressed at this RTP time; one that is still held is let go first, without its repetitions.
  void press(std::uint8_t event, int volume_dbm0, std::uint32_t timestamp) noexcept SYRINX_REALTIME;
  // Let go at this RTP time.
  void release(std::uint32_t timestamp) noexcept SYRINX_REALTIME;
  // What is due at this RTP time, once a block; nothing between events. While this gives packets,
  // no audio is to be sent.
  std::optional<EventPacket> next(std::uint32_t timestamp) noexcept SYRINX_REALTIME;
  bool active() const noexcept { return held_ || ends_left_ > 0; }

 private:
  TelephoneEvent event_;
  std::uint32_t start_ = 0;
  std::uint32_t released_ = 0;
  bool held_ = false;
  bool first_ = false;
  int ends_left_ = 0;
};

// What a receiver learns of an event.
struct EventReport {
  enum class Kind { kStarted, kEnded };
  Kind kind = Kind::kStarted;
  std::uint8_t event = 0;
  int volume_dbm0 = 0;
  std::uint32_t timestamp = 0;       // Its beginning, RTP.
  std::uint32_t duration_ticks = 0;  // Of all segments; so far, when it started.
};

// Turns packets, lost, doubled or out of order, into each event's start and end, once each. An end
// whose three packets are lost is made up when the next event starts, or when expire() finds that
// nothing came for 100 ms. Make a new one when the SSRC changes.
class EventReceiver {
 public:
  explicit EventReceiver(int clock_rate_hz) noexcept : clock_rate_hz_(clock_rate_hz) {}
  // At most two things are learnt at once: an end that was missed, and a start; or a start and its
  // end, of an event of which only the end came.
  struct Reports {
    std::array<EventReport, 3> list = {};
    std::size_t count = 0;
  };
  Reports receive(const TelephoneEvent& event, std::uint32_t timestamp) noexcept SYRINX_REALTIME;
  // Time has come to this, RTP, without a packet of the event.
  std::optional<EventReport> expire(std::uint32_t now) noexcept SYRINX_REALTIME;
  bool active() const noexcept { return active_; }

 private:
  int clock_rate_hz_;
  bool active_ = false;
  bool any_ = false;
  std::uint8_t event_ = 0;
  int volume_dbm0_ = 0;
  std::uint32_t first_ = 0;    // Beginning of the event.
  std::uint32_t segment_ = 0;  // Beginning of its present segment.
  std::uint32_t duration_ = 0;
};

}  // namespace syrinx::codec
