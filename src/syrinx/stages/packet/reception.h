// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>

#include "syrinx/core/base/realtime.h"
#include "syrinx/stages/packet/rtcp.h"

namespace syrinx::packet {

// What a receiver knows of one source's packets: RFC 3550, Appendix A.1 (sequence), A.3 (loss) and
// A.8 (jitter), to the letter and in integers. One thread.
class Reception {
 public:
  // `min_sequential`: packets in order before the source counts as valid; 2 by the RFC, 0 to take
  // it at its word (captures). Pre: clock_rate_hz > 0.
  explicit Reception(std::uint32_t ssrc, std::uint32_t clock_rate_hz, int min_sequential = 2);

  enum class Verdict { kValid, kProbation, kBadSequence };
  // Takes a packet. kBadSequence: it jumped, and counts only if the next one follows it.
  Verdict take(std::uint16_t sequence, std::uint32_t timestamp,
               std::chrono::nanoseconds arrival) noexcept SYRINX_REALTIME;

  // Timestamps count by another clock from the next packet on (another codec); the jitter stays
  // the time that it was. Pre: clock_rate_hz > 0.
  void set_clock_rate(std::uint32_t clock_rate_hz) noexcept SYRINX_REALTIME;

  std::uint64_t received() const noexcept { return received_; }
  std::uint64_t expected() const noexcept;
  // Negative when packets came twice.
  std::int64_t lost() const noexcept;
  std::uint32_t highest_sequence() const noexcept { return cycles_ + max_sequence_; }
  std::uint64_t restarts() const noexcept { return restarts_; }
  // The RFC's estimate, whole ticks and seconds.
  std::uint32_t jitter_ticks() const noexcept { return jitter_q4_ >> 4; }
  double jitter_s() const noexcept;

  // The block of the next report, and what is lost is counted anew from here.
  ReportBlock report(std::chrono::nanoseconds now) noexcept SYRINX_REALTIME;
  // Remembers a sender report for the block's LSR and DLSR.
  void sender_report(std::uint64_t ntp_time, std::chrono::nanoseconds arrival) noexcept;

 private:
  void start(std::uint16_t sequence) noexcept;
  void take_jitter(std::uint32_t timestamp, std::chrono::nanoseconds arrival) noexcept;

  std::uint32_t ssrc_;
  std::uint32_t clock_rate_hz_;
  int min_sequential_;
  int probation_;
  bool started_ = false;
  std::uint16_t base_sequence_ = 0;
  std::uint16_t max_sequence_ = 0;
  std::uint32_t bad_sequence_ = 0;
  std::uint32_t cycles_ = 0;
  std::uint64_t received_ = 0;
  std::uint64_t expected_prior_ = 0;
  std::uint64_t received_prior_ = 0;
  std::uint64_t restarts_ = 0;
  bool has_transit_ = false;
  std::uint32_t transit_ = 0;
  std::uint32_t jitter_q4_ = 0;
  std::uint32_t last_sender_report_ = 0;
  std::chrono::nanoseconds sender_report_arrival_{0};
};

}  // namespace syrinx::packet
