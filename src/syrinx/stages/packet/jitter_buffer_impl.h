// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include "syrinx/stages/packet/delay_estimator.h"
#include "syrinx/stages/packet/jitter_buffer.h"
#include "syrinx/stages/packet/packet_store.h"
#include "syrinx/stages/packet/speech_queue.h"
#include "syrinx/stages/packet/stream_order.h"

// The two halves of a jitter buffer: jitter_intake.cc takes packets and gives each its place on the
// line of media time; jitter_playout.cc decodes them when their time has come. Media time and
// sound are tied by one number: `next_position_`, the media time of what would be decoded next.
// What is heard now lies as far before it as frames wait in the queue, so removing or inserting
// frames there, and concealment that does not move it, are what changes the delay.
namespace syrinx::packet {

class JitterBuffer::Impl {
 public:
  explicit Impl(const JitterBufferOptions& options);

  enum class Role : std::uint8_t { kNone, kSpeech, kComfortNoise, kIgnored };
  struct Handler {
    Role role = Role::kNone;
    PacketDecoder* decoder = nullptr;
  };

  void put(const RtpView& packet, std::chrono::nanoseconds arrival) noexcept;
  PlayKind get(std::chrono::nanoseconds now, std::span<float> out) noexcept;
  void reset() noexcept;

  JitterBufferOptions options_;
  std::size_t block_frames_;
  std::array<Handler, 128> handlers_{};
  JitterBufferStatistics statistics_;

 private:
  // Of taking packets in.
  bool accepts_source(const RtpView& packet, double now_ms) noexcept;
  bool contradicts(const StreamOrder::Place& place) const noexcept;
  bool continues(const RtpView& packet, int clock_rate_hz, double now_ms) const noexcept;
  StreamOrder::Place place_of(const RtpView& packet, int clock_rate_hz, double now_ms,
                              StoredPacket& stored) noexcept;
  StreamOrder::Place after_newest() const noexcept;
  void take_place(const RtpView& packet, StoredPacket stored, double now_ms) noexcept;
  bool was_decoded(std::int64_t order) const noexcept;
  bool has_passed(const StoredPacket& packet) const noexcept;

  // Of playing them.
  void begin_playing(double now_ms) noexcept;
  void respect_maximum(double now_ms) noexcept;
  void adjust_delay(double now_ms) noexcept;
  void decode_ahead(std::size_t frames) noexcept;
  void produce(double now_ms) noexcept;
  void produce_without_packet(double now_ms) noexcept;
  void produce_in_gap(const StoredPacket& next, double now_ms) noexcept;
  void produce_in_loss(const StoredPacket& next) noexcept;
  bool recover_before(const StoredPacket& next, std::size_t gap) noexcept;
  void play_front() noexcept;
  void decode_front(const StoredPacket& next) noexcept;
  void finish_front(const StoredPacket& next) noexcept;
  void conceal(std::size_t frames) noexcept;
  void background(std::size_t frames) noexcept;
  void settle_waiting() noexcept;
  void mark(PlayKind kind) noexcept;
  void end_conceal_run() noexcept;
  double ms_of(std::int64_t frames) const noexcept;
  double delay_ms(double now_ms) const noexcept;
  void keep_statistics(double now_ms) noexcept;
  std::int64_t tolerance() const noexcept { return options_.sample_rate_hz / 1'000; }

  PacketStore store_;
  SpeechQueue queue_;
  std::vector<float> decoded_;
  StreamOrder line_;
  DelayEstimator estimator_;

  // Of the packets that came.
  double first_arrival_ms_ = 0.0;
  bool seen_any_ = false;
  double last_arrival_ms_ = 0.0;
  StreamOrder::Place newest_;  // Its position: of the newest packet's end.
  std::uint32_t former_ssrc_ = 0;
  bool has_former_ssrc_ = false;
  int speech_clock_rate_hz_ = 8'000;

  // Of what is heard.
  bool playing_ = false;
  bool silence_ = false;  // The sender said that it sends nothing for a while.
  std::int64_t next_position_ = 0;
  std::int64_t waiting_frames_ = 0;    // Concealed without moving next_position_.
  std::int64_t unsettled_frames_ = 0;  // Concealed since it was last known that packets were lost.
  std::int64_t last_order_ = 0;
  std::uint64_t decoded_orders_ = 0;  // Bit i: whether last_order_ - i was decoded.
  std::size_t packet_frames_ = 0;     // Of the last speech packet.
  int last_payload_type_ = -1;
  PacketDecoder* decoder_ = nullptr;  // Of the last speech packet.
  int blocks_to_next_change_ = 0;
  std::uint64_t conceal_run_ = 0;
  PlayKind produced_ = PlayKind::kNothingYet;
  bool block_concealed_ = false;
  double delay_sum_ms_ = 0.0;
  std::uint64_t delay_blocks_ = 0;
};

}  // namespace syrinx::packet
