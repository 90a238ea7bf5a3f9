// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"
#include "syrinx/stages/packet/bursts.h"
#include "syrinx/stages/packet/capture.h"
#include "syrinx/stages/packet/impairment.h"
#include "syrinx/stages/packet/jitter_buffer.h"
#include "syrinx/stages/packet/rtcp.h"

// A one-way call on a virtual clock: a sender, a network, a receiver's ear. Hours pass in seconds,
// and the same seed gives the same bits.
namespace syrinx::packet {

// What a sender asks of a codec. Who puts the two together implements it.
class PacketEncoder {
 public:
  virtual ~PacketEncoder() = default;
  virtual int sample_rate_hz() const noexcept = 0;
  virtual int clock_rate_hz() const noexcept = 0;
  virtual std::uint8_t payload_type() const noexcept = 0;
  // The frames of the next packet; the same but for a sender that adapts.
  virtual std::size_t packet_frames() const noexcept = 0;
  // Codes packet_frames() frames into `payload`. Empty: silence, and nothing is sent (DTX).
  virtual Result<void> encode(std::span<const float> frames,
                              std::vector<std::uint8_t>& payload) = 0;
  // How long after the packet's time the last payload begins, by the RTP clock.
  virtual std::uint32_t offset_ticks() const noexcept { return 0; }
  // Whether the sender wants to hear of its losses: the receiver reports every five seconds, and
  // reported() is told of the loss since the report before, 0 to 100. What encode(),
  // packet_frames(), payload_type() and clock_rate_hz() give may be something else after it.
  virtual bool wants_reports() const noexcept { return false; }
  virtual void reported(double loss_percent, std::chrono::nanoseconds now) noexcept {
    static_cast<void>(loss_percent), static_cast<void>(now);
  }
};

struct LinkOptions {
  std::uint64_t seed = 1;
  double duration_s = 0.0;  // 0: as long as the sound.
  double sender_ppm = 0.0;  // The sender's clock against the true one; positive: fast.
  double receiver_ppm = 0.0;
  std::uint32_t ssrc = 0x53595258;
  std::uint16_t first_sequence = 0;
  std::uint32_t first_timestamp = 0;
  double tail_s = 0.5;           // What the ear goes on hearing after the last packet was sent.
  double report_delay_ms = 0.0;  // Of the receiver's reports on their way back.
  Impairment network;
  JitterBufferOptions buffer;
};

// What happened, in the order in which it did; times on the true clock, from the call's start.
struct LinkEvent {
  enum class Kind { kSent, kLost, kArrived, kDuplicate, kBlock };
  Kind kind = Kind::kSent;
  std::chrono::nanoseconds time{0};
  std::int64_t packet = 0;  // The number of the packet, from 0; of a block, its number.
  // Of kBlock:
  PlayKind played = PlayKind::kNothingYet;
  double delay_ms = 0.0;
  double target_ms = 0.0;
};

struct LinkResult {
  AudioBuffer heard;
  JitterBufferStatistics buffer;
  // The same when the last sound that came from a packet had been played: what is concealed after
  // that, in the tail, stands for nothing that was sent.
  JitterBufferStatistics until_last_sound;
  ReportBlock report;          // Of the whole call, as RTCP would say it.
  LossBursts::Summary losses;  // Of the network alone.
  std::uint64_t packets_sent = 0;
  std::uint64_t packets_lost = 0;  // By the network.
  std::uint64_t packets_duplicated = 0;
  double mean_network_delay_ms = 0.0;
  double mean_jitter_ms = 0.0;  // RFC 3550, A.8, at the end.
};

// Changes the stream that the sender makes while it runs: called before each packet with its number
// and the fields that it is about to be sent with.
using PacketHook = std::function<void(std::int64_t number, Packet& packet)>;

struct LinkObservers {
  std::function<void(const LinkEvent&)> event;           // May be empty, as may the others.
  std::function<void(const CapturedDatagram&)> capture;  // What arrived at the receiver.
  PacketHook hook;
  // Takes each block instead of LinkResult::heard, for calls of hours.
  std::function<void(std::span<const float>)> ear;
};

// Sends `sound` (mono, at the encoder's rate; again from its start until duration_s) through the
// network into a jitter buffer whose decoders `prepare` adds. The sender sends a sender report
// every five seconds.
// Errors: kInvalidArgument for options that cannot be meant or a rate that does not fit; those of
// the encoder; kCancelled through `stop`.
Result<LinkResult> simulate_link(const LinkOptions& options, AudioView sound,
                                 PacketEncoder& encoder,
                                 const std::function<Result<void>(JitterBuffer&)>& prepare,
                                 const LinkObservers& observers = {}, std::stop_token stop = {});

}  // namespace syrinx::packet
