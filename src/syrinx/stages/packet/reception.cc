// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/packet/reception.h"

#include <algorithm>

namespace syrinx::packet {
namespace {

constexpr std::uint32_t kSequences = 1u << 16;
constexpr std::uint16_t kMaxDropout = 3'000;  // RFC 3550, A.1, as the next.
constexpr std::uint16_t kMaxMisorder = 100;

// A time in ticks of a clock, wrapped as timestamps are.
std::uint32_t ticks_of(std::chrono::nanoseconds time, std::uint32_t clock_rate_hz) noexcept {
  const std::int64_t seconds = time.count() / 1'000'000'000;
  const std::int64_t rest_ns = time.count() % 1'000'000'000;
  return static_cast<std::uint32_t>(seconds * clock_rate_hz +
                                    rest_ns * clock_rate_hz / 1'000'000'000);
}

}  // namespace

Reception::Reception(std::uint32_t ssrc, std::uint32_t clock_rate_hz, int min_sequential)
    : ssrc_(ssrc),
      clock_rate_hz_(clock_rate_hz),
      min_sequential_(min_sequential),
      probation_(min_sequential) {
  SYRINX_CHECK(clock_rate_hz > 0, "a stream without a clock rate");
}

void Reception::set_clock_rate(std::uint32_t clock_rate_hz) noexcept {
  SYRINX_CHECK(clock_rate_hz > 0, "a stream without a clock rate");
  if (clock_rate_hz == clock_rate_hz_) return;
  jitter_q4_ =
      static_cast<std::uint32_t>(std::uint64_t{jitter_q4_} * clock_rate_hz / clock_rate_hz_);
  clock_rate_hz_ = clock_rate_hz;
  has_transit_ = false;
}

void Reception::start(std::uint16_t sequence) noexcept {
  base_sequence_ = sequence;
  max_sequence_ = sequence;
  bad_sequence_ = kSequences + 1;
  cycles_ = 0;
  received_ = 0;
  received_prior_ = 0;
  expected_prior_ = 0;
}

Reception::Verdict Reception::take(std::uint16_t sequence, std::uint32_t timestamp,
                                   std::chrono::nanoseconds arrival) noexcept {
  if (!started_) {
    started_ = true;
    start(sequence);
    if (min_sequential_ > 0) max_sequence_ = static_cast<std::uint16_t>(sequence - 1);
  }
  if (probation_ > 0) {
    if (sequence == static_cast<std::uint16_t>(max_sequence_ + 1)) {
      max_sequence_ = sequence;
      if (--probation_ > 0) return Verdict::kProbation;
      start(sequence);
    } else {
      probation_ = min_sequential_ - 1;
      max_sequence_ = sequence;
      if (probation_ > 0) return Verdict::kProbation;
      start(sequence);
    }
  } else {
    const auto ahead = static_cast<std::uint16_t>(sequence - max_sequence_);
    if (ahead < kMaxDropout) {
      if (sequence < max_sequence_) cycles_ += kSequences;
      max_sequence_ = sequence;
    } else if (ahead <= kSequences - kMaxMisorder) {
      if (sequence != bad_sequence_) {
        bad_sequence_ = (sequence + 1u) & (kSequences - 1);
        return Verdict::kBadSequence;
      }
      start(sequence);  // Two in a row: the other side began anew.
      ++restarts_;
      has_transit_ = false;
    }  // Else a duplicate or out of order.
  }
  ++received_;
  take_jitter(timestamp, arrival);
  return Verdict::kValid;
}

// A.8, in sixteenths of a tick.
void Reception::take_jitter(std::uint32_t timestamp, std::chrono::nanoseconds arrival) noexcept {
  const std::uint32_t transit = ticks_of(arrival, clock_rate_hz_) - timestamp;
  if (has_transit_) {
    const auto difference = static_cast<std::int32_t>(transit - transit_);
    const std::uint32_t size = difference < 0 ? 0u - static_cast<std::uint32_t>(difference)
                                              : static_cast<std::uint32_t>(difference);
    jitter_q4_ += size - ((jitter_q4_ + 8) >> 4);
  }
  has_transit_ = true;
  transit_ = transit;
}

std::uint64_t Reception::expected() const noexcept {
  if (!started_ || probation_ > 0) return 0;
  return std::uint64_t{cycles_} + max_sequence_ - base_sequence_ + 1;
}

std::int64_t Reception::lost() const noexcept {
  return static_cast<std::int64_t>(expected()) - static_cast<std::int64_t>(received_);
}

double Reception::jitter_s() const noexcept {
  return static_cast<double>(jitter_q4_) / 16.0 / clock_rate_hz_;
}

ReportBlock Reception::report(std::chrono::nanoseconds now) noexcept {
  ReportBlock block;
  block.ssrc = ssrc_;
  const std::uint64_t all = expected();
  const auto expected_now = static_cast<std::int64_t>(all - expected_prior_);
  const auto received_now = static_cast<std::int64_t>(received_ - received_prior_);
  const std::int64_t lost_now = expected_now - received_now;
  expected_prior_ = all;
  received_prior_ = received_;
  if (expected_now > 0 && lost_now > 0)
    block.fraction_lost =
        static_cast<std::uint8_t>(std::min<std::int64_t>((lost_now << 8) / expected_now, 255));
  block.cumulative_lost =
      static_cast<std::int32_t>(std::clamp<std::int64_t>(lost(), -0x800000, 0x7FFFFF));
  block.highest_sequence = highest_sequence();
  block.jitter_ticks = jitter_ticks();
  block.last_sender_report = last_sender_report_;
  if (last_sender_report_ != 0)
    block.delay_since_sender_report = ticks_of(now - sender_report_arrival_, 65'536);
  return block;
}

void Reception::sender_report(std::uint64_t ntp_time, std::chrono::nanoseconds arrival) noexcept {
  last_sender_report_ = static_cast<std::uint32_t>(ntp_time >> 16);
  sender_report_arrival_ = arrival;
}

}  // namespace syrinx::packet
