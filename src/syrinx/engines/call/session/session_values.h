// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "syrinx/engines/call/adaptation.h"
#include "syrinx/engines/call/session/contributors.h"
#include "syrinx/stages/codec/codec.h"
#include "syrinx/stages/codec/negotiation.h"
#include "syrinx/stages/packet/jitter_buffer.h"

// What goes into a media session and what comes out of it, beside the sound.
namespace syrinx::call {

// Who is heard, as SDP says it (RFC 8866, 6.7).
enum class Direction : std::uint8_t { kSendReceive, kSendOnly, kReceiveOnly, kInactive };

struct SessionOptions {
  codec::Agreement agreement;  // Of offer and answer: formats, events, comfort noise, packet time.
  codec::EncoderSettings encoder;
  // Of the sound that is pulled and pushed, whatever the codecs'. 0: the sent codec's own.
  // 8000, 12000, 16000, 24000, 32000 or 48000.
  int sample_rate_hz = 0;
  Direction direction = Direction::kSendReceive;
  packet::DelayStrategy delay_strategy = packet::DelayStrategy::kAdaptive;
  int start_delay_ms = 60;
  int min_delay_ms = 20;
  int max_delay_ms = 500;
  std::size_t max_packets = 64;  // That wait in the jitter buffer.

  // 0: by chance from `seed`, as are the first sequence number and timestamp (RFC 3550, 5.1).
  std::uint32_t ssrc = 0;
  std::uint64_t seed = 0;        // 0: MediaEngine takes one that nobody can guess.
  std::string cname = "syrinx";  // Of RTCP: 1 to 255 bytes, the same in all sessions of one end.
  // What the call may take of the network, of which RTCP takes 5 % (RFC 3550, 6.2).
  double session_bandwidth_bps = 64'000.0;
  // NTP time, 32.32, at `now` 0. 0: MediaEngine takes the wall clock's; else a day in 2023.
  std::uint64_t ntp_at_zero = 0;
  // The id of RFC 6464's header extension, 1 to 14; 0: none is sent nor looked for.
  std::uint8_t audio_level_id = 0;
  // That of RFC 6465, by which a mixer says how loud each of its contributors is; another id.
  std::uint8_t mixer_level_id = 0;
  AdaptationOptions adaptation;
  // After so much time without a packet the session says that the other side is silent.
  int silence_ms = 5'000;
  std::size_t ring_bytes = 16'384;  // Of datagrams on their way in, and as much on their way out.
};

struct SessionEvent {
  enum class Kind : std::uint8_t {
    kStarted,
    kDirection,      // Held, resumed or changed; `direction` from now on.
    kCodecSwitched,  // The next packet is of the new codec.
    kStopped,        // The BYE is on its way; nothing comes after it.
    kDigitPressed,   // By the other side, as a telephone-event: `digit`.
    kDigitReleased,  // The same, with its `duration_ms`.
    kSourceChanged,  // The other side's SSRC is another.
    // Somebody else had our SSRC, and we have another, after a BYE of the old one (RFC 3550, 8.2).
    kOwnSourceChanged,
    kLooped,      // What we send comes back; it is passed over. Again after 10 s without.
    kRemoteLeft,  // The other side said BYE.
    kSilent,      // No packet came for SessionOptions::silence_ms.
    kAudible,     // Packets come again.
    // `adaptation` is in force, packets of `packet_ms`, and, if `fallback`, the agreement's other
    // codec.
    kAdapted,
  };
  Kind kind = Kind::kStarted;
  std::chrono::nanoseconds time{0};
  Direction direction = Direction::kSendReceive;
  char digit = 0;  // 0 for an event that is no digit; `event` says which.
  std::uint8_t event = 0;
  double duration_ms = 0.0;
  codec::Adaptation adaptation;
  int packet_ms = 0;
  bool fallback = false;
};
const char* name_of(SessionEvent::Kind kind) noexcept;

// What the E-model says of what is heard; nothing where it does not know the codec, or the delay.
struct HeardQuality {
  std::optional<double> listening_mos;       // 1 to 4.5, of codec and losses alone.
  std::optional<double> conversational_mos;  // With the delay from mouth to ear.
};

// What is unknown is nothing, never a guess.
struct SessionStatistics {
  std::chrono::nanoseconds time{0};  // At which this was true.
  std::uint64_t packets_sent = 0;
  std::uint64_t payload_bytes_sent = 0;
  int packet_ms = 0;  // Of what is sent now.
  std::uint64_t packets_received = 0;
  std::uint64_t reports_sent = 0;  // RTCP compounds, both ways.
  std::uint64_t reports_received = 0;
  std::uint64_t datagrams_broken = 0;   // Neither RTP nor RTCP that can be read.
  std::uint64_t datagrams_dropped = 0;  // For want of room on the way in.
  // Of our own SSRC, and passed over: what was sent came back, or another collision within 5 s.
  std::uint64_t datagrams_looped = 0;
  std::uint64_t ssrc_changes = 0;    // Of our own, as somebody else had it.
  std::uint64_t packets_unsent = 0;  // For want of room on the way out.
  std::uint64_t events_dropped = 0;  // For want of a reader.

  std::uint64_t expected = 0;       // By the other side's sequence numbers.
  std::int64_t lost = 0;            // Of these; negative where packets came twice.
  std::optional<double> jitter_ms;  // RFC 3550, A.8.
  packet::JitterBufferStatistics buffer;

  // What the other side reports of our packets.
  std::optional<double> remote_loss_percent;  // Since its report before.
  std::optional<double> remote_jitter_ms;
  std::optional<double> round_trip_ms;
  std::optional<int> remote_level_dbov;  // RFC 6464, of the last packet that had it.
  Contributors contributors;  // Of the last packet of sound: nobody, if no mixer sent it.

  std::optional<double> loss_percent;  // Of packets lost or late, of those expected.
  double burst_ratio = 1.0;            // BurstR, from runs of concealment.
  // From mouth to ear: half the round trip, packet, codec and jitter buffer.
  std::optional<double> mouth_to_ear_ms;
  HeardQuality quality;
};

}  // namespace syrinx::call
