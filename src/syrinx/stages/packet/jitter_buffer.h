// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "syrinx/core/base/realtime.h"
#include "syrinx/core/base/result.h"
#include "syrinx/stages/packet/packet_decoder.h"
#include "syrinx/stages/packet/rtp.h"

namespace syrinx::packet {

enum class DelayStrategy {
  kFixed,       // start_delay_ms and nothing else; only clocks that run apart are followed.
  kAdaptive,    // As much as the packets' delays ask for, trading delay against late packets.
  kLowLatency,  // The same, giving up more late packets for less delay.
};
std::string_view name_of(DelayStrategy strategy) noexcept;
Result<DelayStrategy> delay_strategy_named(std::string_view name);

struct JitterBufferOptions {
  int sample_rate_hz = 16'000;  // 8000, 12000, 16000, 24000, 32000, 44100 or 48000.
  DelayStrategy strategy = DelayStrategy::kAdaptive;
  int start_delay_ms = 60;  // Until delays are known; of kFixed, the delay.
  int min_delay_ms = 20;
  int max_delay_ms = 500;  // Hard, to the block: what would make it longer is thrown away.
  std::size_t max_packets = 128;
  std::size_t max_payload_bytes = 1'280;
};

// Counted to the packet and the frame. Delays are between the arrival of a packet that no network
// delayed more than the fastest of its neighbours, and the sound of its first sample.
struct JitterBufferStatistics {
  std::uint64_t packets_received = 0;  // All that were put.
  std::uint64_t packets_decoded = 0;
  std::uint64_t packets_late = 0;  // Came after their time; thrown away.
  std::uint64_t packets_duplicate = 0;
  std::uint64_t packets_overflow = 0;   // Thrown away at the hard maximum, or for want of room.
  std::uint64_t packets_refused = 0;    // Unknown type, too long, undecodable, at no time.
  std::uint64_t packets_stale = 0;      // Of a source that another has taken over from.
  std::uint64_t packets_reordered = 0;  // Came after a later one.
  std::uint64_t packets_recovered = 0;  // Lost, and made again from redundancy.
  std::uint64_t source_changes = 0;     // Another SSRC.
  std::uint64_t payload_type_changes = 0;
  std::uint64_t resets = 0;  // Timestamps that jumped by seconds.

  std::uint64_t frames_out = 0;  // All that get() gave.
  std::uint64_t frames_decoded = 0;
  std::uint64_t frames_recovered = 0;
  std::uint64_t frames_concealed = 0;     // In place of packets that were lost or late.
  std::uint64_t frames_background = 0;    // Of silences that the sender did not send.
  std::uint64_t frames_before_first = 0;  // Silence before anything could be played.
  std::uint64_t frames_removed = 0;       // By playing faster.
  std::uint64_t frames_inserted = 0;      // By playing slower.
  std::uint64_t conceal_events = 0;       // Runs of concealment.
  std::uint64_t longest_conceal_frames = 0;

  double delay_ms = 0.0;       // Now.
  double mean_delay_ms = 0.0;  // Over all blocks since the first packet sounded.
  double max_delay_ms = 0.0;
  double target_delay_ms = 0.0;
  double clock_skew_ppm = 0.0;  // The sender's clock against ours; positive: theirs is slow.
};

// What one get() gave.
enum class PlayKind { kNothingYet, kSpeech, kRecovered, kConcealed, kBackground };

// Packets in, at the times at which they come; sound out, 10 ms at a time. Waits just long enough
// for late packets, plays faster or slower (without changing pitch) to get there, has lost packets
// recovered or concealed, follows another clock, SSRC or payload type. After NetEQ's habits: delay
// by a histogram that forgets, 20 ms of delay traded against 1 % of packets. One thread at a time.
class JitterBuffer {
 public:
  // Errors: kInvalidArgument, with the option, for values that cannot be meant.
  static Result<JitterBuffer> create(const JitterBufferOptions& options);
  JitterBuffer(JitterBuffer&&) noexcept;
  JitterBuffer& operator=(JitterBuffer&&) noexcept;
  ~JitterBuffer();

  const JitterBufferOptions& options() const noexcept;
  std::size_t block_frames() const noexcept;  // 10 ms.

  // Says who decodes a payload type; the decoder outlives this. Not in real time. Errors:
  // kInvalidArgument for a payload type above 127, or one at another rate than the buffer's.
  Result<void> add_decoder(std::uint8_t payload_type, PacketDecoder& decoder);
  // Says that a payload type is comfort noise (RFC 3389) at the clock of the speech it is sent
  // with.
  Result<void> add_comfort_noise(std::uint8_t payload_type);
  // Says that a payload type carries no sound (telephone-event): its time is silence by its sender.
  Result<void> add_ignored(std::uint8_t payload_type);

  // Takes a packet at the time of its arrival. Never fails: what cannot be used is counted.
  void put(const Packet& packet) noexcept SYRINX_REALTIME;
  // The same from fields, without a copy before this one.
  void put(const RtpView& packet, std::chrono::nanoseconds arrival) noexcept SYRINX_REALTIME;

  // The next 10 ms. `now`: on the clock of the arrivals; each call 10 ms after the last.
  // Pre: out.size() == block_frames(). Always fills `out`.
  PlayKind get(std::chrono::nanoseconds now, std::span<float> out) noexcept SYRINX_REALTIME;

  const JitterBufferStatistics& statistics() const noexcept;
  // Forgets the stream, not the statistics nor the decoders.
  void reset() noexcept SYRINX_REALTIME;

 private:
  class Impl;
  explicit JitterBuffer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace syrinx::packet
