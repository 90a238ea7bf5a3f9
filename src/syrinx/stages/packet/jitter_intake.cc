// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "syrinx/stages/packet/jitter_buffer_impl.h"

// Packets as they come: whose they are, where they stand, whether they are of use.
namespace syrinx::packet {
namespace {

constexpr double kTakeoverMs = 500.0;   // A source that was taken over from may come back after it.
constexpr double kLateGraceMs = 100.0;  // Beyond the hard maximum: then it is no delay any more.
constexpr double kMaxEarlyMs = 3'000.0;
// A packet from before the newest one lies so far behind it at most, and so little before it.
constexpr double kMaxBehindMs = 10'000.0;
constexpr double kMaxAheadMs = 1'000.0;

double ms_of_time(std::chrono::nanoseconds time) noexcept {
  return static_cast<double>(time.count()) * 1e-6;
}

}  // namespace

double JitterBuffer::Impl::ms_of(std::int64_t frames) const noexcept {
  return static_cast<double>(frames) * 1'000.0 / options_.sample_rate_hz;
}

void JitterBuffer::Impl::put(const RtpView& packet, std::chrono::nanoseconds arrival) noexcept {
  const double now_ms = ms_of_time(arrival);
  ++statistics_.packets_received;
  const Handler& handler = handlers_[packet.payload_type & 127];
  const bool speech = handler.role == Role::kSpeech;
  const std::size_t frames = speech ? handler.decoder->frames_in(packet.payload) : 0;
  if (handler.role == Role::kNone || packet.payload.size() > options_.max_payload_bytes ||
      (speech && (frames == 0 || frames > decoded_.size()))) {
    ++statistics_.packets_refused;
    return;
  }
  if (!accepts_source(packet, now_ms)) {
    ++statistics_.packets_stale;
    return;
  }
  last_arrival_ms_ = now_ms;
  StoredPacket stored;
  stored.payload_type = packet.payload_type;
  stored.frames = frames;
  if (handler.role == Role::kIgnored) {
    // Its time stamp is that of its event's beginning, and its place only in the order.
    if (!line_.started()) return;
    stored.order = line_.order(packet.sequence);
    stored.position = newest_.position;
  } else {
    if (speech) speech_clock_rate_hz_ = handler.decoder->clock_rate_hz();
    const StreamOrder::Place place = place_of(packet, speech_clock_rate_hz_, now_ms, stored);
    if (contradicts(place)) {
      ++statistics_.packets_refused;
      return;
    }
    stored.order = place.order;
    stored.position = place.position;
  }
  take_place(packet, stored, now_ms);
}

// Another SSRC takes over at once; the former one's stragglers do not take it back.
bool JitterBuffer::Impl::accepts_source(const RtpView& packet, double now_ms) noexcept {
  if (!line_.started() || packet.ssrc == line_.ssrc()) return true;
  return !(has_former_ssrc_ && packet.ssrc == former_ssrc_ &&
           now_ms - last_arrival_ms_ < kTakeoverMs);
}

// Whether the packet's media time follows from the line as it is.
bool JitterBuffer::Impl::continues(const RtpView& packet, int clock_rate_hz,
                                   double now_ms) const noexcept {
  if (packet.ssrc != line_.ssrc() || clock_rate_hz != line_.clock_rate_hz()) return false;
  StreamOrder line = line_;
  const StreamOrder::Place place = line.place(packet.sequence, packet.timestamp);
  if (place.order <= newest_.order || !estimator_.has_base()) return true;
  const double transit_ms = now_ms - first_arrival_ms_ - ms_of(place.position);
  const double delay_ms = transit_ms - estimator_.base_ms(now_ms - first_arrival_ms_);
  return delay_ms < options_.max_delay_ms + kLateGraceMs && delay_ms > -kMaxEarlyMs;
}

// A timestamp that cannot be that of its sequence number: an old packet far ahead of the newest
// would hold up all behind it, and both would be taken for how the network delays.
bool JitterBuffer::Impl::contradicts(const StreamOrder::Place& place) const noexcept {
  if (place.order > newest_.order) return false;
  const double ahead_ms = ms_of(place.position - newest_.position);
  return ahead_ms > kMaxAheadMs || ahead_ms < -kMaxBehindMs;
}

// Right behind all that came, and not before what was heard.
StreamOrder::Place JitterBuffer::Impl::after_newest() const noexcept {
  StreamOrder::Place place{newest_.order + 1, newest_.position};
  if (playing_) place.position = std::max(place.position, next_position_);
  return place;
}

StreamOrder::Place JitterBuffer::Impl::place_of(const RtpView& packet, int clock_rate_hz,
                                                double now_ms, StoredPacket& stored) noexcept {
  if (!line_.started()) {
    if (!seen_any_) first_arrival_ms_ = now_ms;
    seen_any_ = true;
    newest_ = {0, 0};
    line_.begin(packet.ssrc, clock_rate_hz, packet.sequence, packet.timestamp, {1, 0});
    return {1, 0};
  }
  if (continues(packet, clock_rate_hz, now_ms))
    return line_.place(packet.sequence, packet.timestamp);
  stored.new_source = packet.ssrc != line_.ssrc();
  stored.new_origin = true;
  StreamOrder::Place place = after_newest();
  if (stored.new_source) {
    ++statistics_.source_changes;
    former_ssrc_ = line_.ssrc();
    has_former_ssrc_ = true;
  } else if (clock_rate_hz == line_.clock_rate_hz()) {
    ++statistics_.resets;
  } else {
    // What was lost at the change has its place still.
    const std::int64_t order = line_.order(packet.sequence);
    const std::int64_t missing = std::clamp<std::int64_t>(order - place.order, 0, 50);
    place.position += missing * static_cast<std::int64_t>(packet_frames_);
    place.order += missing;
  }
  line_.begin(packet.ssrc, clock_rate_hz, packet.sequence, packet.timestamp, place);
  estimator_.rebase();
  return place;
}

bool JitterBuffer::Impl::was_decoded(std::int64_t order) const noexcept {
  const std::int64_t back = last_order_ - order;
  return playing_ && back >= 0 && back < 64 && ((decoded_orders_ >> back) & 1) != 0;
}

// Whether the time to play it is over.
bool JitterBuffer::Impl::has_passed(const StoredPacket& packet) const noexcept {
  if (!playing_) return false;
  if (packet.order <= last_order_) return true;
  const auto frames = static_cast<std::int64_t>(packet.frames);
  return !silence_ && frames > 0 && packet.position + frames <= next_position_;
}

void JitterBuffer::Impl::take_place(const RtpView& packet, StoredPacket stored,
                                    double now_ms) noexcept {
  if (was_decoded(stored.order) || store_.holds(stored.order)) {
    ++statistics_.packets_duplicate;
    return;
  }
  if (handlers_[packet.payload_type].role != Role::kIgnored)
    estimator_.take(now_ms - first_arrival_ms_,
                    now_ms - first_arrival_ms_ - ms_of(stored.position));
  if (has_passed(stored)) {
    ++statistics_.packets_late;
    return;
  }
  if (store_.full()) {
    ++statistics_.packets_overflow;
    store_.pop_front();
  }
  store_.insert(stored, packet.payload);
  if (stored.order < newest_.order) ++statistics_.packets_reordered;
  newest_.order = std::max(newest_.order, stored.order);
  newest_.position =
      std::max(newest_.position, stored.position + static_cast<std::int64_t>(stored.frames));
}

}  // namespace syrinx::packet
