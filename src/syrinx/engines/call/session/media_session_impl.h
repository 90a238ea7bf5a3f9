// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "syrinx/core/base/spsc_queue.h"
#include "syrinx/engines/call/adaptation.h"
#include "syrinx/engines/call/session/datagram_ring.h"
#include "syrinx/engines/call/session/digit_sender.h"
#include "syrinx/engines/call/session/latest_value.h"
#include "syrinx/engines/call/session/media_session.h"
#include "syrinx/engines/call/session/rtcp_compound.h"
#include "syrinx/engines/call/session/rtcp_schedule.h"
#include "syrinx/stages/packet/reception.h"

// The parts of a session: session_control.cc asks, session_receive.cc takes in what came,
// session_send.cc sends, media_session.cc ties them together.
namespace syrinx::call {

// What sends a codec.
struct SendParts {
  std::optional<SendEncoder> encoder;
  std::uint8_t type = 0;
  int clock_hz = 8'000;
  std::optional<std::uint8_t> events;
};

// A codec that is received.
struct ReceivedCodec {
  std::uint8_t payload_type = 0;
  std::string_view name;  // As the catalogue has it.
  double delay_ms = 0.0;  // Of the codec.
  int clock_hz = 8'000;
};

// All that a codec needs, made outside real time and handed over whole; what it replaces comes
// back in it.
struct CodecParts {
  SendParts send;
  SendParts fallback;  // Without an encoder: there is none.
  AdaptationScope scope;
  struct Format {
    ReceivedCodec codec;
    std::unique_ptr<packet::PacketDecoder> decoder;  // Null: there is one already.
  };
  Format receive;
  std::optional<Format> receive_fallback;
  std::optional<std::uint8_t> receive_noise;
  std::array<std::optional<std::uint8_t>, 2> receive_events;  // Of each codec's clock.
};

struct SessionCommand {
  enum class Kind : std::uint8_t { kStart, kDirection, kStop, kSwitch, kAdapt };
  Kind kind = Kind::kStart;
  Direction direction = Direction::kSendReceive;
  codec::Adaptation adaptation;
  CodecParts* parts = nullptr;
};

// What was sent lately, by which it is known again when it comes back: digests of its bytes. One
// thread; no memory but its own.
class SentMarks {
 public:
  static std::uint64_t digest(packet::Bytes bytes) noexcept SYRINX_REALTIME;
  void sent(std::uint16_t sequence, packet::Bytes datagram) noexcept SYRINX_REALTIME;
  bool has(std::uint16_t sequence, packet::Bytes datagram) const noexcept SYRINX_REALTIME;
  void sent_report(packet::Bytes bytes) noexcept SYRINX_REALTIME;
  bool has_report(packet::Bytes bytes) const noexcept SYRINX_REALTIME;

 private:
  std::array<std::uint64_t, 256> packets_{};  // Five seconds of packets of 20 ms.
  std::array<std::uint64_t, 4> reports_{};
  std::size_t next_report_ = 0;
};

class MediaSession::Impl {
 public:
  Impl(const SessionOptions& options, packet::JitterBuffer buffer, LossAdaptation adaptation);
  ~Impl();

  // Of the controlling thread.
  Result<std::unique_ptr<CodecParts>> make_parts(const codec::Agreement& agreement,
                                                 const codec::EncoderSettings& settings);
  Result<CodecParts::Format> make_receive(const codec::PayloadFormat& format);
  Result<void> ask(const SessionCommand& command);
  Result<void> switch_codec(const codec::Agreement& agreement,
                            const codec::EncoderSettings& settings);
  Result<void> send_digits(std::string_view digits, int tone_ms, int pause_ms);

  // Of the ticking thread.
  void service(std::chrono::nanoseconds now) noexcept;
  Heard pull(std::chrono::nanoseconds now, std::span<float> out) noexcept;
  void push(std::chrono::nanoseconds now, std::span<const float> in) noexcept;
  void push_packet(std::chrono::nanoseconds now, const EncodedPacket& packet) noexcept;
  void take_parts(CodecParts& parts) noexcept;
  bool may_send() const noexcept {
    return active_ && (direction_ == Direction::kSendReceive || direction_ == Direction::kSendOnly);
  }
  bool may_receive() const noexcept {
    return active_ &&
           (direction_ == Direction::kSendReceive || direction_ == Direction::kReceiveOnly);
  }
  SessionStatistics numbers() const noexcept;
  const Contributors& heard_of() const noexcept { return counts_.contributors; }
  std::uint32_t remote_ssrc() const noexcept { return reception_ ? source_ : 0; }
  std::uint32_t own_ssrc() const noexcept { return ssrc_.load(std::memory_order_relaxed); }

  SessionOptions options_;

  // Between threads.
  std::atomic<std::uint32_t> ssrc_{0};  // Written by the ticking thread.
  DatagramRing inbox_;
  DatagramRing outbox_;
  SpscQueue<SessionCommand> commands_{32};
  SpscQueue<CodecParts*> retired_{32};
  SpscQueue<SessionEvent> events_{64};
  LatestValue<SessionStatistics> latest_;
  std::atomic<std::uint64_t> datagrams_dropped_{0};
  std::atomic<std::atomic<std::int64_t>*> waker_{nullptr};
  DigitSender digits_;

  // Of the controlling thread.
  std::vector<codec::PayloadFormat> formats_;  // Whose decoders there are.
  std::size_t decoders_made_ = 0;
  bool has_events_ = false;

  // Of the ticking thread.
  SendParts send_;     // What is sent,
  SendParts waiting_;  // and what adaptation may send instead.
  std::chrono::nanoseconds next_service_{0};
  Contributors contributors_;  // In what is said.

 private:
  void obey(std::chrono::nanoseconds now) noexcept;
  void obey(const SessionCommand& command, std::chrono::nanoseconds now) noexcept;
  void change_direction(Direction direction, std::chrono::nanoseconds now) noexcept;
  void tell(SessionEvent event, std::chrono::nanoseconds now) noexcept;
  void tell(SessionEvent::Kind kind, std::chrono::nanoseconds now) noexcept;
  void publish(std::chrono::nanoseconds now) noexcept;
  void tell_adapted(const codec::Adaptation& adaptation, std::chrono::nanoseconds now) noexcept;
  void take_format(CodecParts::Format& format) noexcept;
  std::uint64_t ntp_at(std::chrono::nanoseconds now) const noexcept;

  // session_receive.cc
  void take_in(std::chrono::nanoseconds now) noexcept;
  void take_rtp(packet::Bytes datagram, std::chrono::nanoseconds arrival) noexcept;
  void take_rtcp(packet::Bytes datagram, std::chrono::nanoseconds arrival) noexcept;
  void take_report(const packet::ReportBlock& block, std::chrono::nanoseconds arrival) noexcept;
  void take_source(const packet::RtpView& packet, std::chrono::nanoseconds arrival) noexcept;
  bool is_event(std::uint8_t payload_type) const noexcept {
    return receive_events_[0] == payload_type || receive_events_[1] == payload_type;
  }
  void note_codec(std::uint8_t payload_type) noexcept;
  void adapt_to(const SendPlan& plan, std::chrono::nanoseconds now) noexcept;
  void take_levels(const packet::RtpView& packet) noexcept;
  void take_event(const packet::RtpView& packet, std::chrono::nanoseconds arrival) noexcept;
  void tell_digit(const codec::EventReport& report, std::chrono::nanoseconds now) noexcept;
  void watch_silence(std::chrono::nanoseconds now) noexcept;

  // session_conflict.cc
  bool resolve_conflict(bool came_back, packet::Bytes datagram,
                        std::chrono::nanoseconds now) noexcept;
  void take_ssrc(std::uint64_t chance, std::chrono::nanoseconds now) noexcept;
  bool was_ours(std::uint32_t ssrc, std::chrono::nanoseconds now) const noexcept;

  // session_send.cc
  void catch_up(std::chrono::nanoseconds now, std::chrono::nanoseconds duration) noexcept;
  void emit(std::chrono::nanoseconds now, const EncodedPacket& packet) noexcept;
  void emit_sound(std::chrono::nanoseconds now, packet::RtpFields& fields,
                  const EncodedPacket& packet) noexcept;
  void emit_rtp(std::chrono::nanoseconds now, const packet::RtpFields& fields,
                packet::Bytes payload) noexcept;
  void emit_report(std::chrono::nanoseconds now, bool bye) noexcept;
  std::uint32_t timestamp_at(std::chrono::nanoseconds now) const noexcept;

  bool active_ = false;
  bool stopped_ = false;
  Direction direction_;
  std::vector<std::uint8_t> datagram_;  // One that comes, or a packet that goes.

  // Of our own SSRC.
  packet::Random random_;
  SentMarks sent_;
  std::uint32_t former_ssrc_ = 0;
  std::optional<std::chrono::nanoseconds> changed_ssrc_;
  std::optional<std::chrono::nanoseconds> looped_;  // When something came back last.
  std::uint64_t packets_before_ = 0;                // That were sent under other SSRCs.
  std::uint64_t payload_bytes_before_ = 0;
  std::array<std::uint8_t, kMaxCompound> report_{};

  // Sending.
  bool on_fallback_ = false;  // What is sent is the agreement's other codec.
  std::uint16_t sequence_ = 0;
  std::uint32_t timestamp_ = 0;  // Of the next packet.
  bool spurt_ = true;            // The next packet begins a talkspurt.
  bool pushed_ = false;
  bool resumed_ = false;
  std::chrono::nanoseconds pushed_until_{0};
  bool sent_since_report_ = false;
  RtcpSchedule schedule_;
  LossAdaptation adaptation_;

  // Receiving.
  packet::JitterBuffer buffer_;
  std::vector<std::unique_ptr<packet::PacketDecoder>> decoders_;
  std::vector<ReceivedCodec> received_;                        // All that may come, and of them
  ReceivedCodec heard_;                                        // that which came last.
  std::array<std::optional<std::uint8_t>, 2> receive_events_;  // Of the clock of either codec.
  std::optional<packet::Reception> reception_;
  std::optional<codec::EventReceiver> event_receiver_;
  std::uint32_t source_ = 0;
  std::uint32_t former_source_ = 0;
  bool has_former_source_ = false;
  std::uint32_t last_timestamp_ = 0;
  std::uint64_t past_expected_ = 0;  // Of sources before this one.
  std::int64_t past_lost_ = 0;
  bool remote_left_ = false;
  bool silent_ = false;
  bool heard_any_ = false;
  std::chrono::nanoseconds last_packet_{0};
  std::chrono::nanoseconds published_{std::chrono::nanoseconds::min()};
  SessionStatistics counts_;
};

}  // namespace syrinx::call
