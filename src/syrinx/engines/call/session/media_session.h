// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "syrinx/core/base/realtime.h"
#include "syrinx/core/base/result.h"
#include "syrinx/engines/call/session/send_encoder.h"
#include "syrinx/engines/call/session/session_values.h"

namespace syrinx::call {

// What pull() gave.
struct Heard {
  packet::PlayKind kind = packet::PlayKind::kNothingYet;  // Of the last 10 ms.
  bool audible = false;  // The other side may send, and something of it has been heard.
};

// A datagram that take() gave; no bytes: there was none.
struct OutgoingDatagram {
  std::size_t bytes = 0;
  bool rtcp = false;
};

// One dialog's media, without its sockets: datagrams and 10 ms of sound, both ways. Packets that
// come are put in order, waited for, decoded and concealed; sound that goes is coded, packed and
// accounted for by RTCP (RFC 3550, 3551); digits go and come as telephone-events (RFC 4733).
//
// Four threads may use one session, each for its part: one that brings datagrams (receive), one
// that sends them (take), one that ticks (service, pull, push) in real time, and one that controls
// (start to next_event); all may be the same. Control takes effect at the next service or pull.
// `now` is any clock that the arrivals are told by too; it does not go back.
class MediaSession {
 public:
  // Takes all memory. Errors: kInvalidArgument, with the field, for what cannot be meant; those of
  // codec::make_encoder() and make_decoder().
  static Result<std::unique_ptr<MediaSession>> create(const SessionOptions& options);
  ~MediaSession();
  MediaSession(const MediaSession&) = delete;
  MediaSession& operator=(const MediaSession&) = delete;

  int sample_rate_hz() const noexcept;
  std::size_t block_frames() const noexcept;  // 10 ms.
  std::uint32_t ssrc() const noexcept;
  const SessionOptions& options() const noexcept;

  // --- The network's threads.
  // Hands in a datagram, RTP or RTCP (RFC 5761). False: there was no room, and it is counted.
  bool receive(std::span<const std::uint8_t> datagram,
               std::chrono::nanoseconds arrival) noexcept SYRINX_REALTIME;
  // The next datagram to send. Pre: out.size() >= kMaxDatagram.
  static constexpr std::size_t kMaxDatagram = codec::kMaxPayloadBytes + 96;
  OutgoingDatagram take(std::span<std::uint8_t> out) noexcept SYRINX_REALTIME;

  // --- The ticking thread.
  // Does what was asked for, takes in what came, sends reports that are due. For a session that is
  // neither pulled nor pushed: now and then, at next_service() at the latest.
  void service(std::chrono::nanoseconds now) noexcept SYRINX_REALTIME;
  std::chrono::nanoseconds next_service() const noexcept;
  // service(), then the sound that was heard up to `now`. Pre: out.size() is one or more whole
  // blocks. Always fills `out`: with silence where nothing is to be heard.
  Heard pull(std::chrono::nanoseconds now, std::span<float> out) noexcept SYRINX_REALTIME;
  // Says so many blocks. Where nothing may be sent, they are passed over.
  void push(std::chrono::nanoseconds now, std::span<const float> in) noexcept SYRINX_REALTIME;
  // Says what was coded elsewhere, by a SendEncoder like this session's own: for listeners of
  // whom many hear the same.
  void push_packet(std::chrono::nanoseconds now,
                   const EncodedPacket& packet) noexcept SYRINX_REALTIME;
  // Of a mixer: who is in what is said from now on. Their SSRCs, and with a mixer_level_id their
  // levels, go with every packet.
  void contribute(const Contributors& contributors) noexcept SYRINX_REALTIME;
  // Who is in what came last.
  const Contributors& contributors() const noexcept SYRINX_REALTIME;
  // The other side's SSRC; 0 while nothing came.
  std::uint32_t remote_ssrc() const noexcept SYRINX_REALTIME;
  // One encoder may serve this session and another with the same key.
  const SendKey& send_key() const noexcept;
  // Forgets what was pushed before: for the change from push_packet() back to push().
  void reset_encoder() noexcept SYRINX_REALTIME;
  bool may_send() const noexcept;
  bool may_receive() const noexcept;
  // The numbers as they are now.
  SessionStatistics current_statistics() const noexcept;
  // What is set to the least time there is when something is asked for, so that who sleeps until
  // next_service() wakes; null ends it. It outlives the session or this setting.
  void wake_by(std::atomic<std::int64_t>* wanted_at_ns) noexcept SYRINX_REALTIME;

  // --- The controlling thread. Errors of all: kUnavailable where too much was asked for at once.
  Result<void> start();
  Result<void> hold();    // Nothing goes or comes; reports do (RFC 3264, 8.4).
  Result<void> resume();  // As the options say again.
  Result<void> set_direction(Direction direction);
  Result<void> stop();  // BYE; nothing goes or comes any more.
  // Sends the agreement's codec from the next packet on, under the same SSRC, and takes its
  // formats besides those that were taken before. Errors: as create(); kLimitExceeded for the
  // 17th format.
  Result<void> switch_codec(const codec::Agreement& agreement,
                            const codec::EncoderSettings& settings = {});
  Result<void> adapt(const codec::Adaptation& adaptation);
  // Presses digits one after another. Errors: kInvalidArgument for what is no digit of
  // "0123456789*#ABCD" or times outside 40 to 8000 ms; kUnsupported where telephone-event was not
  // agreed on.
  Result<void> send_digits(std::string_view digits, int tone_ms = 100, int pause_ms = 60);
  // The oldest event that was not read; false where there is none.
  bool next_event(SessionEvent& event) noexcept;
  // As they were at the last whole second.
  SessionStatistics statistics() noexcept;

 private:
  class Impl;
  explicit MediaSession(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace syrinx::call
