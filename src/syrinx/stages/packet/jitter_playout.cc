// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "syrinx/stages/packet/jitter_buffer_impl.h"
#include "syrinx/stages/packet/time_stretch.h"

// Sound out: what is decoded, made up or waited for when, and how the delay is kept at its target.
namespace syrinx::packet {
namespace {

constexpr double kAboveTargetMs = 15.0;  // Delay beyond the target by this much is worked off.
constexpr double kBelowTargetMs = 2.0;   // Below it by this much, and some is put in.
constexpr double kNearlyEmptyMs = 8.0;   // Below it by so much more, and speech need hardly repeat.
constexpr double kUrgentMs = 15.0;       // Beyond it, and speech need hardly repeat itself.
// After so much concealment in a row, sound begins again with the whole delay.
constexpr double kBrokenMs = 60.0;
constexpr int kBlocksBetweenChanges = 3;
constexpr double kBlockMs = 10.0;

// How much longer than the target a packet is waited for that may have been lost.
double patience_ms(DelayStrategy strategy) noexcept {
  return strategy == DelayStrategy::kAdaptive ? 60.0 : kBlockMs;
}

float likeness_asked(double off_ms, double urgent_ms) noexcept {
  return static_cast<float>(std::clamp(0.9 - 0.6 * off_ms / urgent_ms, 0.3, 0.9));
}

}  // namespace

double JitterBuffer::Impl::delay_ms(double now_ms) const noexcept {
  const std::int64_t heard = next_position_ - static_cast<std::int64_t>(queue_.frames());
  return now_ms - ms_of(heard) - estimator_.base_ms(now_ms);
}

PlayKind JitterBuffer::Impl::get(std::chrono::nanoseconds now, std::span<float> out) noexcept {
  SYRINX_CHECK(out.size() == block_frames_, "a jitter buffer gives blocks of 10 ms");
  const double now_ms = static_cast<double>(now.count()) * 1e-6 - first_arrival_ms_;
  statistics_.frames_out += out.size();
  if (!playing_) begin_playing(now_ms);
  if (!playing_) {
    statistics_.frames_before_first += out.size();
    std::fill(out.begin(), out.end(), 0.0f);
    return PlayKind::kNothingYet;
  }
  block_concealed_ = false;
  respect_maximum(now_ms);
  while (queue_.frames() < block_frames_) produce(now_ms);
  if (!block_concealed_) adjust_delay(now_ms);
  while (queue_.frames() < block_frames_) produce(now_ms);
  keep_statistics(now_ms);
  queue_.pop(out);
  return block_concealed_ ? PlayKind::kConcealed : produced_;
}

// The first packet sounds when it has waited for as long as the target says.
void JitterBuffer::Impl::begin_playing(double now_ms) noexcept {
  while (!store_.empty() && handlers_[store_.front().payload_type].role == Role::kIgnored)
    store_.pop_front();
  if (store_.empty() || !estimator_.has_base()) return;
  const StoredPacket& first = store_.front();
  const double due_ms = ms_of(first.position) + estimator_.base_ms(now_ms) + estimator_.target_ms();
  if (now_ms < due_ms - 0.5) return;
  playing_ = true;
  next_position_ = first.position;
  last_order_ = first.order - 1;
  decoded_orders_ = 0;
}

// What waits beyond the hard maximum is thrown away down to the target.
void JitterBuffer::Impl::respect_maximum(double now_ms) noexcept {
  if (store_.empty() || silence_) return;
  if (delay_ms(now_ms) <= options_.max_delay_ms + kBlockMs) return;
  const double latest_ms = now_ms - estimator_.base_ms(now_ms) - estimator_.target_ms();
  statistics_.frames_removed += queue_.frames();
  queue_.drop_all();
  while (store_.second() != nullptr && ms_of(store_.second()->position) <= latest_ms) {
    ++statistics_.packets_overflow;
    store_.pop_front();
  }
  next_position_ = store_.front().position;
  last_order_ = store_.front().order - 1;
  decoded_orders_ = 0;
  waiting_frames_ = 0;
  unsettled_frames_ = 0;
}

void JitterBuffer::Impl::decode_ahead(std::size_t frames) noexcept {
  while (queue_.frames() < frames && !store_.empty()) {
    const StoredPacket next = store_.front();
    if (handlers_[next.payload_type].role != Role::kSpeech || has_passed(next) || silence_ ||
        next.position - next_position_ > tolerance())
      return;
    play_front();
  }
}

void JitterBuffer::Impl::adjust_delay(double now_ms) noexcept {
  if (blocks_to_next_change_ > 0) --blocks_to_next_change_;
  if (silence_ || waiting_frames_ > 0 || blocks_to_next_change_ > 0) return;
  const double target_ms = estimator_.target_ms();
  const double delay = delay_ms(now_ms);
  const double above_ms = delay - target_ms - kAboveTargetMs;
  const double below_ms = target_ms - kBelowTargetMs - delay;
  std::size_t changed = 0;
  if (above_ms > 0.0) {
    decode_ahead(stretch_window_frames(options_.sample_rate_hz) + 1);
    changed = queue_.shorten(likeness_asked(above_ms, kUrgentMs));
    statistics_.frames_removed += changed;
  } else if (below_ms > 0.0) {
    changed = queue_.lengthen(likeness_asked(below_ms, kNearlyEmptyMs));
    statistics_.frames_inserted += changed;
  }
  if (changed > 0) blocks_to_next_change_ = above_ms > kUrgentMs ? 1 : kBlocksBetweenChanges;
}

// Adds something to the queue, or takes a packet that makes no sound.
void JitterBuffer::Impl::produce(double now_ms) noexcept {
  if (store_.empty()) return produce_without_packet(now_ms);
  const StoredPacket next = store_.front();
  if (has_passed(next)) {
    ++statistics_.packets_late;
    store_.pop_front();
  } else if (handlers_[next.payload_type].role == Role::kIgnored) {
    finish_front(next);
  } else if (next.position - next_position_ > tolerance()) {
    produce_in_gap(next, now_ms);
  } else {
    play_front();
  }
}

void JitterBuffer::Impl::produce_without_packet(double now_ms) noexcept {
  if (silence_) {
    background(block_frames_);
    next_position_ += static_cast<std::int64_t>(block_frames_);
    return;
  }
  conceal(block_frames_);
  unsettled_frames_ += static_cast<std::int64_t>(block_frames_);
  const double longest_ms = std::min(estimator_.target_ms() + patience_ms(options_.strategy),
                                     static_cast<double>(options_.max_delay_ms));
  if (delay_ms(now_ms) < longest_ms) {
    waiting_frames_ += static_cast<std::int64_t>(block_frames_);
  } else {
    next_position_ += static_cast<std::int64_t>(block_frames_);
  }
}

// Between what was decoded and the next packet media time is missing: either nothing was sent, and
// sound begins again with the whole delay, or packets were lost.
void JitterBuffer::Impl::produce_in_gap(const StoredPacket& next, double now_ms) noexcept {
  const bool unsent = silence_ || next.new_source || next.order == last_order_ + 1;
  const bool broken = ms_of(unsettled_frames_) >= kBrokenMs;
  if (!unsent && waiting_frames_ > 0) {
    const std::int64_t used = std::min(waiting_frames_, next.position - next_position_);
    next_position_ += used;
    waiting_frames_ -= used;
  }
  const double due_ms = ms_of(next.position) + estimator_.base_ms(now_ms) + estimator_.target_ms();
  const double early_ms = due_ms - now_ms - ms_of(static_cast<std::int64_t>(queue_.frames()));
  if (unsent || broken) {
    if (unsent) settle_waiting();
    if (early_ms <= 0.5) {
      next_position_ = next.position;
      waiting_frames_ = 0;
      return play_front();
    }
    const auto frames =
        std::min(block_frames_,
                 static_cast<std::size_t>(std::ceil(early_ms * options_.sample_rate_hz / 1'000.0)));
    unsent ? background(frames) : conceal(frames);
    next_position_ = std::min(next.position - tolerance() - 1,
                              next_position_ + static_cast<std::int64_t>(frames));
    return;
  }
  produce_in_loss(next);
}

void JitterBuffer::Impl::produce_in_loss(const StoredPacket& next) noexcept {
  const std::int64_t gap = next.position - next_position_;
  if (gap <= tolerance()) {
    waiting_frames_ = 0;
    return play_front();
  }
  const auto missing = static_cast<std::size_t>(gap);
  if (missing <= packet_frames_ && recover_before(next, missing)) return;
  const std::size_t before = missing > packet_frames_ ? missing - packet_frames_ : missing;
  const std::size_t frames = std::min(block_frames_, before);
  conceal(frames);
  next_position_ += static_cast<std::int64_t>(frames);
}

// The packet before `next`, from the redundancy in it: the last `gap` frames of it.
bool JitterBuffer::Impl::recover_before(const StoredPacket& next, std::size_t gap) noexcept {
  const Handler& handler = handlers_[next.payload_type];
  if (handler.role != Role::kSpeech || handler.decoder != decoder_ || next.new_origin) return false;
  const std::span<float> whole(decoded_.data(), packet_frames_);
  if (!decoder_->recover(store_.payload(next), whole)) return false;
  end_conceal_run();
  const std::span<float> out = queue_.tail(gap);
  std::copy(whole.end() - static_cast<std::ptrdiff_t>(gap), whole.end(), out.begin());
  queue_.commit(gap);
  next_position_ += static_cast<std::int64_t>(gap);
  statistics_.frames_recovered += gap;
  ++statistics_.packets_recovered;
  mark(PlayKind::kRecovered);
  return true;
}

void JitterBuffer::Impl::play_front() noexcept {
  const StoredPacket next = store_.front();
  unsettled_frames_ = 0;
  waiting_frames_ = 0;
  if (handlers_[next.payload_type].role == Role::kComfortNoise) {
    if (decoder_ != nullptr) decoder_->describe_background(store_.payload(next));
    silence_ = true;
  } else {
    decode_front(next);
  }
  finish_front(next);
}

void JitterBuffer::Impl::decode_front(const StoredPacket& next) noexcept {
  PacketDecoder* decoder = handlers_[next.payload_type].decoder;
  if (decoder != decoder_ || next.new_source) decoder->reset();
  if (last_payload_type_ >= 0 && last_payload_type_ != next.payload_type)
    ++statistics_.payload_type_changes;
  last_payload_type_ = next.payload_type;
  decoder_ = decoder;
  const bool was_silence = silence_;
  silence_ = false;
  const std::int64_t former_position = next_position_;
  const std::size_t made = decoder->decode(store_.payload(next), decoded_);
  next_position_ = next.position + static_cast<std::int64_t>(next.frames);
  packet_frames_ = next.frames;
  if (made == 0) {
    ++statistics_.packets_refused;
    for (std::size_t left = next.frames; left > 0;) {
      const std::size_t part = std::min(left, block_frames_);
      conceal(part);
      left -= part;
    }
    return;
  }
  // What of it was made up already is not heard again.
  const auto passed = was_silence ? 0
                                  : std::clamp<std::int64_t>(former_position - next.position, 0,
                                                             static_cast<std::int64_t>(made));
  const std::size_t kept = made - static_cast<std::size_t>(passed);
  end_conceal_run();
  std::copy_n(decoded_.begin() + passed, kept, queue_.tail(kept).begin());
  queue_.commit(kept);
  ++statistics_.packets_decoded;
  statistics_.frames_decoded += kept;
  silence_ = decoder->begins_silence(store_.payload(next));
  mark(PlayKind::kSpeech);
}

void JitterBuffer::Impl::finish_front(const StoredPacket& next) noexcept {
  const std::int64_t step = next.order - last_order_;
  decoded_orders_ = step < 64 ? decoded_orders_ << step : 0;
  decoded_orders_ |= 1;
  last_order_ = next.order;
  store_.pop_front();
}

void JitterBuffer::Impl::conceal(std::size_t frames) noexcept {
  const std::span<float> out = queue_.tail(frames);
  if (decoder_ != nullptr) {
    decoder_->conceal(out);
  } else {
    std::fill(out.begin(), out.end(), 0.0f);
  }
  queue_.commit(frames);
  statistics_.frames_concealed += frames;
  if (conceal_run_ == 0) ++statistics_.conceal_events;
  conceal_run_ += frames;
  mark(PlayKind::kConcealed);
}

void JitterBuffer::Impl::background(std::size_t frames) noexcept {
  const std::span<float> out = queue_.tail(frames);
  if (decoder_ != nullptr) {
    decoder_->background(out);
  } else {
    std::fill(out.begin(), out.end(), 0.0f);
  }
  queue_.commit(frames);
  statistics_.frames_background += frames;
  mark(PlayKind::kBackground);
}

// What was taken for a loss was a silence that the sender did not announce.
void JitterBuffer::Impl::settle_waiting() noexcept {
  if (unsettled_frames_ == 0) return;
  const auto frames = static_cast<std::uint64_t>(unsettled_frames_);
  statistics_.frames_concealed -= frames;
  statistics_.frames_background += frames;
  if (conceal_run_ <= frames) --statistics_.conceal_events;
  conceal_run_ -= std::min(conceal_run_, frames);
  unsettled_frames_ = 0;
  waiting_frames_ = 0;
}

void JitterBuffer::Impl::mark(PlayKind kind) noexcept {
  produced_ = kind;
  block_concealed_ = block_concealed_ || kind == PlayKind::kConcealed;
}

void JitterBuffer::Impl::end_conceal_run() noexcept {
  statistics_.longest_conceal_frames = std::max(statistics_.longest_conceal_frames, conceal_run_);
  conceal_run_ = 0;
}

void JitterBuffer::Impl::keep_statistics(double now_ms) noexcept {
  statistics_.target_delay_ms = estimator_.target_ms();
  statistics_.clock_skew_ppm = estimator_.skew() * 1e6;
  if (silence_ || block_concealed_) return;
  statistics_.delay_ms = delay_ms(now_ms);
  delay_sum_ms_ += statistics_.delay_ms;
  ++delay_blocks_;
  statistics_.mean_delay_ms = delay_sum_ms_ / static_cast<double>(delay_blocks_);
  statistics_.max_delay_ms = std::max(statistics_.max_delay_ms, statistics_.delay_ms);
}

}  // namespace syrinx::packet
